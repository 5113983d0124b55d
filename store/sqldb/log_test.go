package sqldb_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"zhijian/ground/event"
	"zhijian/store/eventlog"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestEventLogRefusesEdits(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		if err := db.Write(ctx, func(tx *sqldb.Tx) error { return tx.Append("k", noted{}) }); err != nil {
			t.Fatal(err)
		}
		edits := []string{`update event set data = ''`, `delete from event`, `update event set at = at where shard = 99 or true`}
		if db.Postgres() {
			edits = append(edits, `truncate event`)
		}
		for _, s := range edits {
			if err := db.Write(ctx, func(tx *sqldb.Tx) error { _, err := tx.Exec(s); return err }); err == nil {
				t.Errorf("%q was allowed", s)
			}
		}
		wantChain(t, db, 1)
	})
}

// A reader that asks for what follows the last position it saw must never skip one, however
// the commits interleave.
func TestReadersSkipNoPosition(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		const writers, each = 8, 40
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					err := db.Write(ctx, func(tx *sqldb.Tx) error {
						if err := tx.Append(fmt.Sprint("k", w, i%3), noted{}, noted{}); err != nil {
							return err
						}
						return tx.Append(fmt.Sprint("other", i), noted{})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { wg.Wait(); close(done) }()
		var seen [event.Shards]int64
		total := 0
		look := func() {
			for shard := range event.Shards {
				list, err := eventlog.Read(ctx, db, shard, seen[shard], 1000)
				if err != nil {
					t.Error(err)
				}
				for _, e := range list {
					if e.Position != seen[shard]+1 {
						t.Errorf("shard %d: position %d follows %d", shard, e.Position, seen[shard])
					}
					seen[shard] = e.Position
					total++
				}
			}
		}
		for running := true; running && !t.Failed(); {
			select {
			case <-done:
				running = false
			default:
			}
			look()
		}
		<-done
		look()
		if total != writers*each*3 {
			t.Errorf("the reader saw %d events, want %d", total, writers*each*3)
		}
		wantChain(t, db, writers*each*3)
	})
}

// Ids and times of the log never go back, whatever the clock does (security.md T44).
func TestClockGoesBack(t *testing.T) {
	t.Parallel()
	clk := testkit.Clock()
	db := testkit.DatabaseAt(t, clk)
	ctx := context.Background()
	for _, step := range []time.Duration{0, time.Second, -time.Hour, 24 * time.Hour, -24 * time.Hour, time.Minute, -50 * 365 * 24 * time.Hour} {
		clk.Advance(step)
		if err := db.Write(ctx, func(tx *sqldb.Tx) error { return tx.Append("k", noted{}, noted{}) }); err != nil {
			t.Fatal(err)
		}
	}
	list, err := eventlog.OfKey(ctx, db, "k", 100)
	if err != nil || len(list) != 14 {
		t.Fatalf("%d events, %v, want 14", len(list), err)
	}
	for i := 1; i < len(list); i++ {
		if list[i].At.Before(list[i-1].At) || list[i].ID <= list[i-1].ID {
			t.Errorf("event %d at %v id %d follows at %v id %d", i, list[i].At, list[i].ID, list[i-1].At, list[i-1].ID)
		}
	}
	wantChain(t, db, 14)
}

func TestIDsAreUniqueOverShards(t *testing.T) {
	t.Parallel()
	db := testkit.DatabaseAt(t, testkit.Clock()) // all in one millisecond
	ctx := context.Background()
	err := db.Write(ctx, func(tx *sqldb.Tx) error {
		for i := range 500 {
			if err := tx.Append(fmt.Sprint("k", i%40), noted{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all, different int
	if err := db.QueryRow(ctx, `select count(*), count(distinct id) from event`).Scan(&all, &different); err != nil || all != 500 || different != 500 {
		t.Errorf("%d events with %d ids, %v, want 500 and 500", all, different, err)
	}
}

func TestPostgresRepeatsAfterADeadlock(t *testing.T) {
	t.Parallel()
	db := testkit.Postgres(t)
	run(t, db, probe, `insert into probe (id, word) values (1, 'a'), (2, 'b')`)
	ctx := context.Background()
	// Each takes one row, waits until the other has its own, and asks for the other's.
	var met sync.WaitGroup
	met.Add(2)
	var first [2]sync.Once
	var runs [2]int
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			err := db.Write(ctx, func(tx *sqldb.Tx) error {
				runs[i]++
				if _, err := tx.Exec(`update probe set done = true where id = $1`, i+1); err != nil {
					return err
				}
				first[i].Do(func() { met.Done(); met.Wait() })
				_, err := tx.Exec(`update probe set done = true where id = $1`, 2-i)
				return err
			})
			if err != nil {
				t.Errorf("change %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if runs[0]+runs[1] < 3 {
		t.Errorf("the changes ran %d and %d times: there was no deadlock, so this test shows nothing", runs[0], runs[1])
	}
}
