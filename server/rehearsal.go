package server

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
)

// Rehearsal keeps the cases of services' own tests in a database, as the house keeps those of residents: sealed, one change at a time, and
// read back for every step. It is safe for concurrent use.
type Rehearsal struct {
	db    *sqldb.DB
	cases store.Cases
	ids   *uid.Maker
}

// OpenRehearsal opens an empty database: the path of a new file, or a postgres:// URL. One that holds cases is refused, so that nobody
// rehearses among those of residents.
func OpenRehearsal(ctx context.Context, database string, log *slog.Logger) (_ *Rehearsal, err error) {
	c := sqldb.Config{Path: database, Log: log, Unsafe: true}
	if strings.Contains(database, "://") {
		c.Path, c.URL = "", database
	}
	db, err := sqldb.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	ring, err := seal.New(seal.Key{Version: 1, Secret: []byte(uid.Secret(32))})
	if err != nil {
		return nil, err
	}
	r := &Rehearsal{db: db, cases: store.Cases{DB: db, Ring: ring}, ids: &uid.Maker{Clock: &clock.System{}}}
	list, err := r.cases.List(ctx, cases.Filter{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(list) > 0 {
		return nil, errors.New("this database holds cases already; services are rehearsed in an empty one")
	}
	return r, nil
}

// Case opens a case for one test and gives what keeps it.
func (r *Rehearsal) Case(ctx context.Context) service.Keep {
	no := ""
	return func(s service.State) (service.State, error) {
		if no == "" {
			c, err := r.cases.Add(ctx, cases.Case{ID: r.ids.ID(), No: uid.No(), State: cases.Draft, Data: s, Rev: 1})
			no = c.No
			if err != nil {
				return s, err
			}
		} else if _, err := r.cases.Change(ctx, no, func(c *cases.Case) ([]event.Body, error) {
			c.Data = s
			return []event.Body{}, nil
		}); err != nil {
			return s, err
		}
		c, err := r.cases.Case(ctx, no)
		return c.Data, err
	}
}

// Close shuts the database.
func (r *Rehearsal) Close() error { return r.db.Close() }
