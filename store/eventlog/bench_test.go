package eventlog_test

import (
	"context"
	"fmt"
	"testing"

	"zhijian/store/eventlog"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// BenchmarkVerify walks a log of 50,000 events on SQLite.
func BenchmarkVerify(b *testing.B) {
	const events = 50000
	db := testkit.Database(b)
	err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
		for n := range events {
			if err := tx.Append(fmt.Sprint("k", n%500), noted{N: n}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := eventlog.Verify(context.Background(), db)
		if err != nil || r.Bad != nil || r.Events != events {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(events*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
