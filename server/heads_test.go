package server_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhijian/ground/event"
	"zhijian/store/eventlog"
	"zhijian/store/sqldb"
	"zhijian/testkit"
	"zhijian/testkit/house"
)

// database opens a house's database behind its back; the house is shut.
func database(t *testing.T, h *house.House, do func(tx *sqldb.Tx) error, before ...func(db *sqldb.DB)) {
	t.Helper()
	c := sqldb.Config{URL: h.Database, Clock: h.Clock, Unsafe: true, Log: testkit.Log(t)}
	if c.URL == "" {
		c.Path = filepath.Join(h.Data, "zhijian.db")
	}
	db, err := sqldb.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, f := range before {
		f(db)
	}
	disarm := []string{`drop trigger event_no_update`, `drop trigger event_no_delete`}
	if db.Postgres() {
		disarm = []string{`alter table event disable trigger event_no_change`}
	}
	err = db.Write(t.Context(), func(tx *sqldb.Tx) error {
		for _, s := range disarm {
			if _, err := tx.Exec(s); err != nil {
				return err
			}
		}
		return do(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// setHead writes where a shard ends.
func setHead(tx *sqldb.Tx, e event.Event) error {
	n, err := tx.Exec(`update event_head set position = $1, id = $2, at = $3, hash = $4 where shard = $5`, e.Position, e.ID, e.At.UnixMilli(), e.Hash, e.Shard)
	if err == nil && n != 1 {
		err = fmt.Errorf("%d heads written", n)
	}
	return err
}

// TestTruncatedLog cuts events off a shard's end together with what the database says of it: alone the chain looks whole, and
// the book of heads tells (security.md T40, reliability.md R19).
func TestTruncatedLog(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		whole := h.Count(t)
		if whole.Signed == 0 || len(whole.Key) != 64 || !whole.Well() {
			t.Fatalf("before: signed %d times by %q, chain %s, wrong %v", whole.Signed, whole.Key, whole.Chain, whole.Wrong)
		}
		var lost []event.Event
		database(t, h, func(tx *sqldb.Tx) error {
			if err := setHead(tx, lost[0]); err != nil {
				return err
			}
			_, err := tx.Exec(`delete from event where shard = $1 and position > $2`, lost[0].Shard, lost[0].Position)
			return err
		}, func(db *sqldb.DB) {
			heads, err := eventlog.Heads(t.Context(), db)
			if err != nil {
				t.Fatal(err)
			}
			longest := heads[0]
			for _, x := range heads {
				if x.Position > longest.Position {
					longest = x
				}
			}
			if lost, err = eventlog.Read(t.Context(), db, longest.Shard, longest.Position-3, 3); err != nil || len(lost) != 3 {
				t.Fatalf("read the end of shard %d: %d events, %v", longest.Shard, len(lost), err)
			}
		})
		c := h.Count(t)
		if want := fmt.Sprintf("shard %d position %d: the log ends before", lost[0].Shard, lost[1].Position); !strings.Contains(c.Chain, want) {
			t.Errorf("doctor says %q of a log cut off, want …%s…", c.Chain, want)
		}
		// Put back, it is whole again: the house's own recount at the end of the test must agree.
		database(t, h, func(tx *sqldb.Tx) error {
			for _, e := range lost[1:] {
				_, err := tx.Exec(`insert into event (`+sqldb.EventColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
					e.Shard, e.Position, e.ID, e.Name, e.Key, e.At.UnixMilli(), e.Meta.Actor, e.Meta.Account, e.Meta.Region, e.Meta.Sector,
					e.Meta.Service, string(e.Data), e.Prev, e.Hash)
				if err != nil {
					return err
				}
			}
			return setHead(tx, lost[len(lost)-1])
		})
	})
}

// TestBookOfHeads edits the book itself, and starts a house again whose last line was never finished.
func TestBookOfHeads(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	before := h.Count(t)
	path := filepath.Join(h.Data, "heads.log")
	text, err := os.ReadFile(path)
	if err != nil || bytes.Count(text, []byte("\n")) != before.Signed {
		t.Fatalf("the book has %d lines, doctor counted %d, %v", bytes.Count(text, []byte("\n")), before.Signed, err)
	}
	if info, err := os.Stat(filepath.Join(h.Data, "chain-key")); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("the key's mode is %v, %v, want 0400", info.Mode().Perm(), err)
	}
	edit := func(name string, text []byte, want string) {
		t.Helper()
		if text == nil {
			err = os.Remove(path)
		} else {
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if c := h.Count(t); !strings.Contains(strings.Join(c.Wrong, "; "), want) {
			t.Errorf("%s: doctor finds %v, want %q", name, c.Wrong, want)
		}
	}
	edit("a position edited", bytes.Replace(text, []byte(`"position":`), []byte(`"position":1`), 1), "heads.log: line 1 is not what was signed")
	edit("a line added", append(bytes.Clone(text), []byte("{}\n")...), fmt.Sprintf("heads.log: line %d ", before.Signed+1))
	edit("taken away", nil, "heads.log")
	edit("a line that the process died over", append(bytes.Clone(text), text[:100]...), "")
	if c := h.Count(t); !c.Well() {
		t.Errorf("half a line at the end counts as wrong: %v", c.Wrong)
	}
	h.Restart(t)
	p := visitor(t, h)
	p.start("weather-forecast") // something moves
	if c := h.Count(t); !c.Well() || c.Signed <= before.Signed || c.Key != before.Key {
		t.Errorf("after a start behind half a line: signed %d times (before %d), key kept %v, wrong %v", c.Signed, before.Signed, c.Key == before.Key, c.Wrong)
	}
}
