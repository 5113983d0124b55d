package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/eventlog"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) {
	if role := os.Getenv(childVariable); role != "" {
		child(role)
		return
	}
	testkit.Main(m)
}

type noted struct {
	event.Meta
	Text string `json:"text"`
}

func (noted) EventName() string { return "test.noted" }

// run makes a change of statements without arguments.
func run(t testing.TB, db *sqldb.DB, statements ...string) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

const probe = `create table probe (id bigint primary key, word text not null unique, done boolean not null default false, bits bytea)`

func insert(tx *sqldb.Tx, id int64, word string) error {
	_, err := tx.Exec(`insert into probe (id, word) values ($1, $2)`, id, word)
	return err
}

// words reads what is committed.
func words(t testing.TB, db *sqldb.DB) []string {
	t.Helper()
	rows, err := db.Query(context.Background(), `select word from probe order by id`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	list := []string{}
	for rows.Next() {
		var w string
		if err := rows.Scan(&w); err != nil {
			t.Fatal(err)
		}
		list = append(list, w)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func wantWords(t testing.TB, db *sqldb.DB, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, words(t, db)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// wantChain checks the log and gives the number of its events.
func wantChain(t testing.TB, db *sqldb.DB, events int64) {
	t.Helper()
	r, err := eventlog.Verify(context.Background(), db)
	if err != nil || r.Bad != nil || r.Events != events {
		t.Errorf("Verify() = %d events, %v, %v, want %d and nothing bad", r.Events, r.Bad, err, events)
	}
}

func both(t *testing.T, fn func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		run(t, db, probe)
		fn(t, db)
	})
}

func TestWriteSavesAllOrNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	both(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Write(ctx, func(tx *sqldb.Tx) error {
			if err := insert(tx, 1, "a"); err != nil {
				return err
			}
			later := event.Later{Body: noted{Text: "later"}, At: tx.Now().Add(time.Hour)}
			return tx.Append("k", noted{Text: "now"}, later, noted{Text: "and"})
		})
		if err != nil {
			t.Fatal(err)
		}
		boom := errors.New("no")
		err = db.Write(ctx, func(tx *sqldb.Tx) error {
			if err := insert(tx, 2, "b"); err != nil {
				return err
			}
			if err := tx.Append("k", noted{Text: "never"}, event.Later{Body: noted{}, At: tx.Now()}); err != nil {
				return err
			}
			return boom
		})
		if err != boom {
			t.Errorf("Write() = %v, want the function's own error", err)
		}
		wantWords(t, db, "a")
		wantChain(t, db, 2)
		var alarms int
		if err := db.QueryRow(ctx, `select count(*) from alarm`).Scan(&alarms); err != nil || alarms != 1 {
			t.Errorf("%d alarms, %v, want 1", alarms, err)
		}
		if _, err := db.Query(ctx, `select word from nothing`); err == nil {
			t.Error("a query of no table gave no error")
		}
	})
}

func TestErrorsAreAlike(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	both(t, func(t *testing.T, db *sqldb.DB) {
		if err := db.Write(ctx, func(tx *sqldb.Tx) error { return insert(tx, 1, "a") }); err != nil {
			t.Fatal(err)
		}
		for name, insertion := range map[string]func(tx *sqldb.Tx) error{
			"primary key":  func(tx *sqldb.Tx) error { return insert(tx, 1, "b") },
			"unique index": func(tx *sqldb.Tx) error { return insert(tx, 2, "a") },
			"returning": func(tx *sqldb.Tx) error {
				var id int64
				return tx.QueryRow(`insert into probe (id, word) values ($1, $2) returning id`, 3, "a").Scan(&id)
			},
		} {
			if err := db.Write(ctx, insertion); !errors.Is(err, sqldb.ErrDuplicate) {
				t.Errorf("%s: Write() = %v, want ErrDuplicate", name, err)
			}
		}
		var w string
		if err := db.QueryRow(ctx, `select word from probe where id = $1`, 9).Scan(&w); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("no row: Scan() = %v, want sql.ErrNoRows", err)
		}
		err := db.Write(ctx, func(tx *sqldb.Tx) error {
			err := tx.QueryRow(`select word from probe where id = $1`+tx.ForUpdate(), 9).Scan(&w)
			if !errors.Is(err, sql.ErrNoRows) {
				t.Errorf("no row: Scan() = %v, want sql.ErrNoRows", err)
			}
			return insert(tx, 4, "d") // no row is no failure
		})
		if err != nil {
			t.Errorf("Write() after no row = %v", err)
		}
		wantWords(t, db, "a", "d")
	})
}

// A failed statement ends a Postgres transaction; SQLite is made to do the same.
func TestFailedStatementSpoilsTheChange(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	both(t, func(t *testing.T, db *sqldb.DB) {
		for name, fn := range map[string]func(tx *sqldb.Tx) error{
			"error swallowed": func(tx *sqldb.Tx) error {
				_ = insert(tx, 1, "a")
				_ = insert(tx, 1, "b")
				return nil
			},
			"went on after it": func(tx *sqldb.Tx) error {
				_ = insert(tx, 1, "a")
				_ = insert(tx, 1, "b")
				if err := insert(tx, 2, "c"); err == nil {
					t.Error("a statement after a failed one succeeded")
				}
				return nil
			},
			"event after it": func(tx *sqldb.Tx) error {
				_, _ = tx.Exec(`update nothing set x = 1`)
				return tx.Append("k", noted{})
			},
		} {
			if err := db.Write(ctx, fn); err == nil {
				t.Errorf("%s: Write() = nil, want an error", name)
			}
		}
		wantWords(t, db)
		wantChain(t, db, 0)
	})
}

func TestTypesAreStrict(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		for column, value := range map[string]any{"due": "soon", "name": nil} {
			err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
				args := map[string]any{"id": int64(1), "due": int64(1), "name": "n"}
				args[column] = value
				_, err := tx.Exec(`insert into alarm (id, due, key, name, actor, account, region, sector, service, data)
values ($1, $2, 'k', $3, '', 0, '', '', '', '')`, args["id"], args["due"], args["name"])
				return err
			})
			if err == nil {
				t.Errorf("%v was stored in column %s", value, column)
			}
		}
	})
}

func TestEventsAndAlarmsNeedNames(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		for name, fn := range map[string]func(tx *sqldb.Tx) error{
			"no key":        func(tx *sqldb.Tx) error { return tx.Append("", noted{}) },
			"no name":       func(tx *sqldb.Tx) error { return tx.Append("k", event.Raw{}) },
			"bad JSON":      func(tx *sqldb.Tx) error { return tx.Append("k", event.Raw{Name: "x", JSON: []byte("{")}) },
			"alarm no time": func(tx *sqldb.Tx) error { return tx.Append("k", event.Later{Body: noted{}}) },
			"alarm no body": func(tx *sqldb.Tx) error { return tx.Append("k", event.Later{At: time.Now()}) },
			"alarm no name": func(tx *sqldb.Tx) error {
				return tx.Append("k", &event.Later{Body: event.Raw{}, At: time.Now()})
			},
		} {
			if err := db.Write(context.Background(), fn); err == nil {
				t.Errorf("%s: Append() was accepted", name)
			}
		}
		wantChain(t, db, 0)
	})
}

// One caller's error, panic or odd end must not touch the others of its group.
func TestCallersAreIsolated(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	both(t, func(t *testing.T, db *sqldb.DB) {
		const callers = 64
		boom := errors.New("mine alone")
		open := make(chan struct{})
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				<-open
				err := db.Write(ctx, func(tx *sqldb.Tx) error {
					if err := insert(tx, int64(i), fmt.Sprintf("w%02d", i)); err != nil {
						return err
					}
					if err := tx.Append(fmt.Sprint("key", i%5), noted{}); err != nil {
						return err
					}
					switch {
					case i%8 == 3:
						return boom
					case i%16 == 5:
						panic("mine alone")
					case i%16 == 13:
						return insert(tx, int64(i), "again")
					}
					return nil
				})
				switch {
				case i%8 == 3:
					if err != boom {
						t.Errorf("caller %d: Write() = %v, want its own error", i, err)
					}
				case i%16 == 5:
					if err == nil || !strings.Contains(err.Error(), "panicked") {
						t.Errorf("caller %d: Write() = %v, want the panic", i, err)
					}
				case i%16 == 13:
					if !errors.Is(err, sqldb.ErrDuplicate) {
						t.Errorf("caller %d: Write() = %v, want ErrDuplicate", i, err)
					}
				case err != nil:
					t.Errorf("caller %d: Write() = %v, want nil", i, err)
				}
			})
		}
		close(open)
		wg.Wait()
		var want []string
		for i := range callers {
			if i%8 != 3 && i%16 != 5 && i%16 != 13 {
				want = append(want, fmt.Sprintf("w%02d", i))
			}
		}
		wantWords(t, db, want...)
		wantChain(t, db, int64(len(want)))
	})
}

// A group in which one change fails after it had written is made again without it; nobody else notices.
func TestGroupIsMadeAgain(t *testing.T) {
	t.Parallel()
	ctx, boom := context.Background(), errors.New("mine alone")
	db := testkit.Database(t)
	run(t, db, probe)
	began, queued := make(chan struct{}), make(chan struct{})
	var runs [4]atomic.Int32
	ends := [4]error{nil, nil, boom, nil}
	var wg sync.WaitGroup
	caller := func(i int) {
		err := db.Write(ctx, func(tx *sqldb.Tx) error {
			if runs[i].Add(1) == 1 && i == 0 {
				close(began)
				<-queued
				for gathering := clock.Stopwatch(); gathering() <= sqldb.GroupTime; {
					runtime.Gosched() // no time is left to join this group: the others make the next
				}
			}
			if err := insert(tx, int64(i), fmt.Sprint("w", i)); err != nil {
				return err
			}
			return errors.Join(tx.Append(fmt.Sprint("key", i), noted{}), ends[i])
		})
		if !errors.Is(err, ends[i]) {
			t.Errorf("caller %d: %v, want %v", i, err, ends[i])
		}
	}
	wg.Go(func() { caller(0) })
	<-began
	for i := 1; i < 4; i++ {
		wg.Go(func() { caller(i) })
		for db.Queued() < i {
			runtime.Gosched()
		}
	}
	close(queued)
	wg.Wait()
	wantWords(t, db, "w0", "w1", "w3")
	wantChain(t, db, 3)
	if runs[1].Load() != 2 || runs[2].Load() != 1 || runs[3].Load() != 1 {
		t.Errorf("runs before, of and after the one that failed: %d, %d, %d, want 2, 1, 1", runs[1].Load(), runs[2].Load(), runs[3].Load())
	}
}

func TestWriterSurvivesGoexit(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := testkit.Database(t)
	run(t, db, probe)
	err := db.Write(ctx, func(tx *sqldb.Tx) error {
		if err := insert(tx, 1, "a"); err != nil {
			return err
		}
		runtime.Goexit()
		return nil
	})
	if err == nil {
		t.Error("a change that ended the writer's goroutine was acknowledged")
	}
	if err := db.Write(ctx, func(tx *sqldb.Tx) error { return insert(tx, 2, "b") }); err != nil {
		t.Errorf("the next change: %v", err)
	}
	wantWords(t, db, "b")
}

func TestReadersSeeOnlyWhatIsCommitted(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	both(t, func(t *testing.T, db *sqldb.DB) {
		inside, look := make(chan struct{}), make(chan struct{})
		done := make(chan error, 1)
		go func() {
			done <- db.Write(ctx, func(tx *sqldb.Tx) error {
				if err := insert(tx, 1, "a"); err != nil {
					return err
				}
				var n int
				if err := tx.QueryRow(`select count(*) from probe`).Scan(&n); err != nil || n != 1 {
					return fmt.Errorf("the change itself sees %d rows, %w", n, err)
				}
				close(inside)
				<-look
				return nil
			})
		}()
		<-inside
		wantWords(t, db)
		close(look)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		wantWords(t, db, "a")
	})
}

// The same text may be used again while its rows are still being read.
func TestNestedUseOfOneStatement(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := testkit.Database(t)
	run(t, db, probe, `insert into probe (id, word) values (1, 'a'), (2, 'b'), (3, 'c')`)
	err := db.Write(ctx, func(tx *sqldb.Tx) error {
		const text = `select id, word from probe where id >= $1 order by id`
		outer, err := tx.Query(text, 1)
		if err != nil {
			return err
		}
		var got []string
		for outer.Next() {
			var id int64
			var word, next string
			if err := outer.Scan(&id, &word); err != nil {
				return err
			}
			if err := tx.QueryRow(text, min(id+1, 3)).Scan(&id, &next); err != nil {
				return err
			}
			got = append(got, word+next)
		}
		if diff := cmp.Diff([]string{"ab", "bc", "cc"}, got); diff != "" {
			t.Errorf("pairs (-want +got):\n%s", diff)
		}
		_, err = tx.Query(text, 2) // left open on purpose
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	run(t, db, `delete from probe where id = 2`)
	wantWords(t, db, "a", "c")
}

func TestManyTexts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := testkit.Database(t)
	for i := range 1100 {
		var n int
		text := fmt.Sprintf(`select %d + $1`, i)
		if err := db.QueryRow(ctx, text, 1).Scan(&n); err != nil || n != i+1 {
			t.Fatalf("reader, text %d: %d, %v", i, n, err)
		}
		err := db.Write(ctx, func(tx *sqldb.Tx) error { return tx.QueryRow(text, 1).Scan(&n) })
		if err != nil || n != i+1 {
			t.Fatalf("writer, text %d: %d, %v", i, n, err)
		}
	}
}

func TestPlaceholdersByNumber(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		var a, b, c string
		err := db.QueryRow(context.Background(), `select cast($2 as text), cast($1 as text), cast($2 as text)`, "a", "b").Scan(&a, &b, &c)
		if err != nil || a+b+c != "bab" {
			t.Errorf("select $2, $1, $2 of (a, b) = %s, %v, want bab", a+b+c, err)
		}
	})
}

func TestContext(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		err := db.Write(gone, func(tx *sqldb.Tx) error { return insert(tx, 1, "a") })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Write() with an ended context = %v, want context.Canceled", err)
		}
		if _, err := db.Query(gone, `select 1`); !errors.Is(err, context.Canceled) {
			t.Errorf("Query() with an ended context = %v, want context.Canceled", err)
		}
		// Once begun, a change is finished.
		ctx, cancel := context.WithCancel(context.Background())
		if err := db.Write(ctx, func(tx *sqldb.Tx) error { cancel(); return insert(tx, 2, "b") }); err != nil {
			t.Errorf("Write() that had begun = %v, want nil", err)
		}
		wantWords(t, db, "b")
	})
}

func TestQueuedChangeCanBeWithdrawn(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	run(t, db, probe)
	inside, free := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- db.Write(context.Background(), func(*sqldb.Tx) error { close(inside); <-free; return nil })
	}()
	<-inside
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	err := db.Write(ctx, func(tx *sqldb.Tx) error { return insert(tx, 1, "a") })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Write() behind a long change = %v, want context.DeadlineExceeded", err)
	}
	close(free)
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	run(t, db, `insert into probe (id, word) values (2, 'b')`)
	wantWords(t, db, "b")
}

func TestCloseFinishesWhatIsQueued(t *testing.T) {
	t.Parallel()
	path := testkit.File(t)
	db := testkit.OpenFile(t, path, nil)
	run(t, db, probe)
	var mu sync.Mutex
	saved := map[string]bool{}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			for n := 0; ; n++ {
				w := fmt.Sprintf("%d-%d", i, n)
				err := db.Write(context.Background(), func(tx *sqldb.Tx) error { return insert(tx, db.ID(), w) })
				if errors.Is(err, sqldb.ErrClosed) {
					return
				}
				if err != nil {
					t.Errorf("Write() = %v", err)
					return
				}
				mu.Lock()
				saved[w] = true
				mu.Unlock()
			}
		})
	}
	for {
		mu.Lock()
		n := len(saved)
		mu.Unlock()
		if n > 200 {
			break
		}
		runtime.Gosched()
	}
	if err := db.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	wg.Wait()
	if err := db.Close(); err != nil {
		t.Errorf("second Close() = %v", err)
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the WAL is left after closing: %v", err)
	}
	db = testkit.OpenFile(t, path, nil)
	got := map[string]bool{}
	for _, w := range words(t, db) {
		got[w] = true
	}
	if diff := cmp.Diff(saved, got); diff != "" {
		t.Errorf("rows after closing (-acknowledged +stored):\n%s", diff)
	}
}

func TestOnCommit(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	both(t, func(t *testing.T, db *sqldb.DB) {
		n := 0
		db.OnCommit(func() { n++ })
		for _, c := range []struct {
			name string
			fn   func(tx *sqldb.Tx) error
			want int
		}{
			{"rows only", func(tx *sqldb.Tx) error { return insert(tx, 1, "a") }, 0},
			{"an event", func(tx *sqldb.Tx) error { return tx.Append("k", noted{}) }, 1},
			{"an alarm", func(tx *sqldb.Tx) error { return tx.Append("k", event.Later{Body: noted{}, At: tx.Now()}) }, 2},
			{"an event taken back", func(tx *sqldb.Tx) error { _ = tx.Append("k", noted{}); return errors.New("no") }, 2},
		} {
			_ = db.Write(ctx, c.fn)
			if n != c.want {
				t.Errorf("after %s: called %d times, want %d", c.name, n, c.want)
			}
		}
		last, err := db.Positions(ctx)
		if err != nil || last[event.Shard("k")] != 1 {
			t.Errorf("Positions() = %v, %v, want 1 in shard %d", last, err, event.Shard("k"))
		}
	})
}

func TestChange(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	both(t, func(t *testing.T, db *sqldb.DB) {
		run(t, db, `insert into probe (id, word) values (1, 'a')`)
		type row struct{ word string }
		load := func(tx *sqldb.Tx) (r row, err error) {
			err = tx.QueryRow(`select word from probe where id = 1` + tx.ForUpdate()).Scan(&r.word)
			return r, err
		}
		save := func(tx *sqldb.Tx, r *row) error {
			_, err := tx.Exec(`update probe set word = $1 where id = 1`, r.word)
			return err
		}
		refuse := fault.Conflict("x", "不行")
		for _, c := range []struct {
			name   string
			rule   func(*row) ([]event.Body, error)
			want   row
			err    error
			stored string
			events int64
		}{
			{"a move", func(r *row) ([]event.Body, error) {
				r.word = "b"
				return []event.Body{noted{}}, nil
			}, row{"b"}, nil, "b", 1},
			{"already so", func(r *row) ([]event.Body, error) { r.word = "c"; return nil, nil }, row{"c"}, nil, "b", 1},
			{"refused", func(r *row) ([]event.Body, error) { r.word = "d"; return []event.Body{noted{}}, refuse }, row{}, refuse, "b", 1},
		} {
			got, err := sqldb.Change(ctx, db, "k", load, c.rule, save)
			if got != c.want || (c.err == nil) != (err == nil) || (c.err != nil && !errors.Is(err, c.err)) {
				t.Errorf("%s: Change() = %v, %v, want %v, %v", c.name, got, err, c.want, c.err)
			}
			wantWords(t, db, c.stored)
			wantChain(t, db, c.events)
		}
	})
}

// Concurrent changes of one aggregate happen one after the other.
func TestChangesOfOneRowDoNotOverlap(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	both(t, func(t *testing.T, db *sqldb.DB) {
		run(t, db, `create table counter (id bigint primary key, n bigint not null)`, `insert into counter (id, n) values (1, 0)`)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 20 {
					_, err := sqldb.Change(ctx, db, "counter",
						func(tx *sqldb.Tx) (n int64, err error) {
							err = tx.QueryRow(`select n from counter where id = $1`+tx.ForUpdate(), 1).Scan(&n)
							return n, err
						},
						func(n *int64) ([]event.Body, error) { *n++; return []event.Body{noted{}}, nil },
						func(tx *sqldb.Tx, n *int64) error {
							_, err := tx.Exec(`update counter set n = $1 where id = $2`, *n, 1)
							return err
						})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var n int64
		if err := db.QueryRow(ctx, `select n from counter`).Scan(&n); err != nil || n != 160 {
			t.Errorf("counter = %d, %v, want 160", n, err)
		}
		wantChain(t, db, 160)
	})
}
