package logbus_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"zhijian/bus/bustest"
	"zhijian/bus/logbus"
	"zhijian/ground/cursor"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// engine shows the suite what the console sees.
type engine struct{ *logbus.Bus }

func (e engine) Stuck(ctx context.Context) (list []bustest.Stuck, err error) {
	parked, err := e.Parked(ctx, cursor.Cursor{}, 100)
	for _, p := range parked {
		list = append(list, bustest.Stuck{Consumer: p.Consumer, Event: p.Event, Attempts: p.Attempts, Error: p.Error, Waiting: p.Waiting})
	}
	return list, err
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func world(place func(t *testing.T) func() *sqldb.DB) bustest.World {
	return bustest.World{
		Place: place,
		Make: func(t *testing.T, db *sqldb.DB, o bustest.Options) bustest.Engine {
			b, err := logbus.New(logbus.Config{
				DB: db, Log: quiet(), Workers: o.Workers, Backoff: o.Backoff, Save: o.Save,
				Poll: 100 * time.Millisecond, Lease: 3 * time.Second,
			})
			if err != nil {
				t.Fatal(err)
			}
			return engine{b}
		},
		Hurry: func(t *testing.T, db *sqldb.DB) {
			err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
				_, err := tx.Exec(`update bus_hold set due = 0 where state = 'retry'`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		},
	}
}

func TestConformanceSQLite(t *testing.T) {
	t.Parallel()
	bustest.Run(t, world(func(t *testing.T) func() *sqldb.DB {
		path := testkit.File(t)
		return func() *sqldb.DB { return testkit.OpenFile(t, path, nil) }
	}))
}

func TestConformancePostgres(t *testing.T) {
	t.Parallel()
	bustest.Run(t, world(func(t *testing.T) func() *sqldb.DB {
		url := testkit.PostgresURL(t)
		return func() *sqldb.DB { return testkit.OpenURL(t, url) }
	}))
}
