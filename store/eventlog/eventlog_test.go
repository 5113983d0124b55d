package eventlog_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/event"
	"zhijian/store/eventlog"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type noted struct {
	event.Meta
	N int `json:"n"`
}

func (noted) EventName() string { return "test.noted" }

// fill records n events over 20 keys and gives the keys' numbers.
func fill(t *testing.T, db *sqldb.DB, n int) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
		for i := range n {
			meta := event.Meta{Actor: "resident:1", Account: int64(i), Region: "330100", Sector: "traffic", Service: "s"}
			if err := tx.Append(fmt.Sprint("key", i%20), noted{Meta: meta, N: i}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		fill(t, db, 200)
		all := 0
		for shard := range event.Shards {
			after := int64(0)
			for {
				list, err := eventlog.Read(ctx, db, shard, after, 7)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range list {
					if after++; e.Position != after || e.Shard != shard {
						t.Fatalf("Read() gave shard %d position %d, want %d and %d", e.Shard, e.Position, shard, after)
					}
					all++
				}
				if len(list) < 7 {
					break
				}
			}
		}
		if all != 200 {
			t.Errorf("Read() gave %d events, want 200", all)
		}
		history, err := eventlog.OfKey(ctx, db, "key3", 4)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, e := range history {
			var b noted
			if err := e.Decode(&b); err != nil {
				t.Fatal(err)
			}
			if e.Meta != (event.Meta{Actor: "resident:1", Account: int64(b.N), Region: "330100", Sector: "traffic", Service: "s"}) {
				t.Errorf("event %d came back with %+v", b.N, e.Meta)
			}
			got = append(got, b.N)
		}
		if diff := cmp.Diff([]int{3, 23, 43, 63}, got); diff != "" {
			t.Errorf("OfKey() (-want +got):\n%s", diff)
		}
		if list, err := eventlog.OfKey(ctx, db, "nobody", 4); err != nil || len(list) != 0 {
			t.Errorf("OfKey() of an unknown key = %v, %v, want none", list, err)
		}
	})
}

func TestVerify(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		r, err := eventlog.Verify(ctx, db)
		if err != nil || r.Bad != nil || r.Events != 0 {
			t.Fatalf("Verify() of an empty log = %+v, %v", r, err)
		}
		fill(t, db, 100)
		early, err := eventlog.Heads(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		fill(t, db, 5000) // more than a page
		r, err = eventlog.Verify(ctx, db, early...)
		if err != nil || r.Bad != nil || r.Events != 5100 {
			t.Errorf("Verify() = %d events, %v, %v, want 5100 and nothing bad", r.Events, r.Bad, err)
		}
		late, err := eventlog.Heads(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(late, r.Heads); diff != "" {
			t.Errorf("heads that Verify() reached (-want +got):\n%s", diff)
		}
	})
}

// disarm lets a test do what the triggers refuse: what somebody with the file in hand could do.
func disarm(t *testing.T, db *sqldb.DB) {
	t.Helper()
	statements := []string{`drop trigger event_no_update`, `drop trigger event_no_delete`}
	if db.Postgres() {
		statements = []string{`alter table event disable trigger event_no_change`}
	}
	for _, s := range statements {
		tamper(t, db, s)
	}
}

func tamper(t *testing.T, db *sqldb.DB, statement string, args ...any) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
		n, err := tx.Exec(statement, args...)
		if err == nil && n == 0 && !strings.HasPrefix(statement, "drop") && !strings.HasPrefix(statement, "alter") {
			err = fmt.Errorf("%q touched nothing", statement)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tampering is one way to touch the log behind the house's back.
type tampering struct {
	do     func(t *testing.T, db *sqldb.DB, heads []event.Head)
	at     int64 // position of the break
	reason string
	keep   bool // pass the heads of before
}

// cut is the shard that the tests tamper with; every shard has some 25 events.
const cut = 2

// edits are done with plain statements.
var edits = map[string]tampering{
	"data edited": {
		do:     each(`update event set data = '{"n":999}' where shard = 2 and position = 5`),
		at:     5,
		reason: "content",
	},
	"actor edited": {
		do:     each(`update event set actor = 'operator:1' where shard = 2 and position = 1`),
		at:     1,
		reason: "content",
	},
	"time edited": {
		do:     each(`update event set at = at + 1 where shard = 2 and position = 7`),
		at:     7,
		reason: "content",
	},
	"name and key swapped around a border": {
		do:     each(`update event set name = 'test.notedk', key = 'ey1' where shard = 2 and position = 3`),
		at:     3,
		reason: "content",
	},
	"deleted": {
		do:     each(`delete from event where shard = 2 and position = 4`),
		at:     4,
		reason: "missing",
	},
	"first deleted": {
		do:     each(`delete from event where shard = 2 and position = 1`),
		at:     1,
		reason: "missing",
	},
	"deleted and the rest moved up": {
		do: each(
			`delete from event where shard = 2 and position = 4`,
			`update event set position = -position where shard = 2 and position > 4`,
			`update event set position = -position - 1 where shard = 2 and position < 0`,
		),
		at:     4,
		reason: "linked",
	},
	"two swapped": {
		do: each(
			`update event set position = -1 where shard = 2 and position = 8`,
			`update event set position = 8 where shard = 2 and position = 9`,
			`update event set position = 9 where shard = 2 and position = -1`,
		),
		at:     8,
		reason: "linked",
	},
	"last one cut off": {
		do:     each(`delete from event where shard = 2 and position = (select position from event_head where shard = 2)`),
		at:     0,
		reason: "ends before",
	},
}

// forgeries take some care.
var forgeries = map[string]tampering{
	"edited and its hash made anew": {
		do: func(t *testing.T, db *sqldb.DB, _ []event.Head) {
			e := one(t, db, cut, 5)
			e.Data = []byte(`{"n":999}`)
			tamper(t, db, `update event set data = $1, hash = $2 where shard = 2 and position = 5`, string(e.Data), e.Sum())
		},
		at:     6,
		reason: "linked",
	},
	"cut off together with the head": {
		do: func(t *testing.T, db *sqldb.DB, _ []event.Head) {
			e := one(t, db, cut, 10)
			tamper(t, db, `delete from event where shard = 2 and position > 10`)
			tamper(t, db, `update event_head set position = 10, id = $1, hash = $2 where shard = 2`, e.ID, e.Hash)
		},
		keep:   true,
		at:     11,
		reason: "ends before",
	},
	"inserted behind the head": {
		do: func(t *testing.T, db *sqldb.DB, heads []event.Head) {
			e := one(t, db, cut, heads[cut].Position)
			e.Position, e.Prev = e.Position+1, e.Hash
			e.Hash = e.Sum()
			insert(t, db, e)
		},
		at:     -1,
		reason: "behind the head",
	},
	"inserted before the first": {
		do: func(t *testing.T, db *sqldb.DB, _ []event.Head) {
			e := one(t, db, cut, 1)
			e.Position = 0
			e.Hash = e.Sum()
			insert(t, db, e)
		},
		at:     0,
		reason: "before the first",
	},
	"written anew with true hashes": {
		do: func(t *testing.T, db *sqldb.DB, heads []event.Head) {
			list, err := eventlog.Read(context.Background(), db, cut, 0, 1000)
			if err != nil {
				t.Fatal(err)
			}
			prev := []byte{}
			for _, e := range list {
				if e.Position == 5 {
					e.Data = []byte(`{"n":999}`)
				}
				e.Prev = prev
				e.Hash = e.Sum()
				prev = e.Hash
				tamper(t, db, `update event set data = $1, prev = $2, hash = $3 where shard = 2 and position = $4`, string(e.Data), e.Prev, e.Hash, e.Position)
			}
			tamper(t, db, `update event_head set hash = $1 where shard = 2`, prev)
		},
		keep:   true,
		at:     -2,
		reason: "remembered head",
	},
}

func TestTampering(t *testing.T) {
	t.Parallel()
	cases := maps.Clone(edits)
	maps.Copy(cases, forgeries)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
				ctx := context.Background()
				fill(t, db, 200)
				heads, err := eventlog.Heads(ctx, db)
				if err != nil {
					t.Fatal(err)
				}
				disarm(t, db)
				c.do(t, db, heads)
				var remembered []event.Head
				if c.keep {
					remembered = heads
				}
				r, err := eventlog.Verify(ctx, db, remembered...)
				if err != nil {
					t.Fatal(err)
				}
				at := c.at
				switch c.at {
				case -1:
					at = heads[cut].Position + 1
				case -2:
					at = heads[cut].Position
				case 0:
					if c.reason == "ends before" {
						at = heads[cut].Position
					}
				}
				if r.Bad == nil || r.Bad.Shard != cut || r.Bad.Position != at || !strings.Contains(r.Bad.Reason, c.reason) {
					t.Errorf("Verify() found %v, want shard %d position %d: …%s…", r.Bad, cut, at, c.reason)
				}
			})
		})
	}
}

func each(statements ...string) func(*testing.T, *sqldb.DB, []event.Head) {
	return func(t *testing.T, db *sqldb.DB, _ []event.Head) {
		for _, s := range statements {
			tamper(t, db, s)
		}
	}
}

func one(t *testing.T, db *sqldb.DB, shard int, position int64) event.Event {
	t.Helper()
	list, err := eventlog.Read(context.Background(), db, shard, position-1, 1)
	if err != nil || len(list) != 1 {
		t.Fatalf("read event %d: %v, %v", position, list, err)
	}
	return list[0]
}

func insert(t *testing.T, db *sqldb.DB, e event.Event) {
	t.Helper()
	tamper(t, db, `insert into event (`+sqldb.EventColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		e.Shard, e.Position, e.ID, e.Name, e.Key, e.At.UnixMilli(),
		e.Meta.Actor, e.Meta.Account, e.Meta.Region, e.Meta.Sector, e.Meta.Service, string(e.Data), e.Prev, e.Hash)
}

// TestEverySingleTampering edits each field of each event in turn (R19: all are found).
func TestEverySingleTampering(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	fill(t, db, 60)
	disarm(t, db)
	ctx := context.Background()
	for shard := range event.Shards {
		list, err := eventlog.Read(ctx, db, shard, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			for column, change := range map[string]string{
				"id": "id + 8", "name": "name || 'x'", "key": "key || 'x'", "at": "at + 1", "actor": "actor || 'x'",
				"account": "account + 1", "region": "region || 'x'", "sector": "sector || 'x'", "service": "service || 'x'",
				"data": "data || ' '", "prev": "x'00'", "hash": "x'00'",
			} {
				var old any
				if err := db.QueryRow(ctx, `select `+column+` from event where shard = $1 and position = $2`, shard, e.Position).Scan(&old); err != nil {
					t.Fatal(err)
				}
				if b, ok := old.([]byte); ok && b == nil {
					old = []byte{}
				}
				tamper(t, db, `update event set `+column+` = `+change+` where shard = $1 and position = $2`, shard, e.Position)
				r, err := eventlog.Verify(ctx, db)
				if err != nil {
					t.Fatal(err)
				}
				if r.Bad == nil || r.Bad.Shard != shard || r.Bad.Position != e.Position {
					t.Fatalf("%s of shard %d position %d edited: Verify() found %v", column, shard, e.Position, r.Bad)
				}
				tamper(t, db, `update event set `+column+` = $1 where shard = $2 and position = $3`, old, shard, e.Position)
			}
		}
	}
	if r, err := eventlog.Verify(ctx, db); err != nil || r.Bad != nil {
		t.Errorf("after all edits were taken back: %v, %v", r.Bad, err)
	}
}
