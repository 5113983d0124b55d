package message_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/message"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func newDesk(t testing.TB, db *sqldb.DB) (*message.Desk, *clock.Fixed) {
	t.Helper()
	c := testkit.Clock()
	d, err := message.New(message.Config{Store: store.Messages{DB: db, Ring: testkit.Ring(t)}, Talks: store.Talks{DB: db, Ring: testkit.Ring(t)}, Purse: store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: c}, Clock: c, IDs: &uid.Maker{Clock: c}})
	if err != nil {
		t.Fatal(err)
	}
	return d, c
}

func note(key string, resident, account int64) message.Note {
	return message.Note{
		Key: key, Resident: resident, Account: account, Kind: "case", Title: "note.done",
		Rows: []message.Row{{Label: "row.plate", Value: "浙A·12345"}, {Label: "row.paid", Value: "¥150.00"}},
		Text: seal.Plain("张三的罚款已缴清"), Link: "/cases/" + key,
	}
}

func reader(id int64) actor.Actor { return actor.Actor{Kind: actor.Resident, ID: id} }

func TestNotify(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx := context.Background()
		for range 2 { // the same key again does nothing
			if err := d.Notify(ctx, actor.House, note("a", 1, 9)); err != nil {
				t.Fatal(err)
			}
		}
		c.Advance(time.Minute)
		for _, n := range []message.Note{note("b", 1, 8), note("c", 1, 9), note("a", 2, 9)} {
			if err := d.Notify(ctx, actor.House, n); err != nil {
				t.Fatal(err)
			}
		}
		var sent int
		if err := db.QueryRow(ctx, `select count(*) from event where name = 'message.sent'`).Scan(&sent); err != nil || sent != 4 {
			t.Errorf("%d events, %v", sent, err)
		}
		list, err := d.List(ctx, reader(1), 0, cursor.Cursor{}, 2)
		if err != nil || len(list) != 2 || list[0].Key != "c" || list[1].Key != "b" {
			t.Fatalf("first page %v, %v", keys(list), err)
		}
		last := list[1]
		list, err = d.List(ctx, reader(1), 0, cursor.Cursor{At: clock.Millis(last.At), ID: last.ID}, 2)
		if err != nil || len(list) != 1 || list[0].Key != "a" {
			t.Fatalf("second page %v, %v", keys(list), err)
		}
		got := list[0]
		if want := note("a", 1, 9); got.Text != want.Text || !cmp.Equal(got.Rows, want.Rows, cmp.Comparer(func(a, b message.Row) bool { return a == b })) || got.Link != want.Link || !got.At.Equal(testkit.Now()) || !got.Read.IsZero() {
			t.Errorf("kept %v", got.ID)
		}
		if list, _ = d.List(ctx, reader(1), 9, cursor.Cursor{}, 0); len(list) != 2 {
			t.Errorf("of one account: %v", keys(list))
		}
		unread := func(id int64) int {
			n, err := d.Unread(ctx, reader(id))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if unread(1) != 3 || unread(2) != 1 {
			t.Errorf("unread %d and %d", unread(1), unread(2))
		}
		if err := d.Read(ctx, reader(2), got.ID); err != nil || unread(1) != 3 {
			t.Errorf("a stranger reads: %d left, %v", unread(1), err)
		}
		if err := d.Read(ctx, reader(1), got.ID); err != nil || unread(1) != 2 {
			t.Errorf("one read: %d left, %v", unread(1), err)
		}
		if err := d.Read(ctx, reader(1), 0); err != nil || unread(1) != 0 || unread(2) != 1 {
			t.Errorf("all read: %d left, %v", unread(1), err)
		}
	})
}

func keys(list []message.Note) (out []string) {
	for _, n := range list {
		out = append(out, n.Key)
	}
	return out
}

func TestOnlyTheHouseNotifies(t *testing.T) {
	t.Parallel()
	d, _ := newDesk(t, testkit.Database(t))
	ctx := context.Background()
	for _, a := range []actor.Actor{{}, reader(1), {Kind: actor.Staff, ID: 1}} {
		if err := d.Notify(ctx, a, note("a", 1, 9)); !fault.Is(err, fault.KindDenied) {
			t.Errorf("%v notifies: %v", a, err)
		}
	}
	for _, a := range []actor.Actor{{}, {Kind: actor.Staff, ID: 1}} {
		if _, err := d.List(ctx, a, 0, cursor.Cursor{}, 1); !fault.Is(err, fault.KindDenied) {
			t.Errorf("%v lists: %v", a, err)
		}
		if err := d.Read(ctx, a, 0); !fault.Is(err, fault.KindDenied) {
			t.Errorf("%v reads: %v", a, err)
		}
		if n, err := d.Unread(ctx, a); n != 0 || err != nil {
			t.Errorf("%v counts %d, %v", a, n, err)
		}
	}
}

func TestNotifyRefuses(t *testing.T) {
	t.Parallel()
	d, _ := newDesk(t, testkit.Database(t))
	for name, change := range map[string]func(*message.Note){
		"note.key":   func(n *message.Note) { n.Key = "" },
		"note.title": func(n *message.Note) { n.Title = "" },
		"note.rows":  func(n *message.Note) { n.Rows = make([]message.Row, 5) },
		"note.link":  func(n *message.Note) { n.Link = "//evil.example/" },
	} {
		n := note("a", 1, 9)
		change(&n)
		if err := d.Notify(context.Background(), actor.House, n); fault.Of(err) == nil || fault.Of(err).Code != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// T51, T61: neither database nor print shows a note's content, and it opens in its own row only.
func TestNotesAreSealed(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, _ := newDesk(t, db)
		ctx := context.Background()
		for _, n := range []message.Note{note("a", 1, 9), note("a", 2, 9)} {
			if err := d.Notify(ctx, actor.House, n); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		list, err := d.List(ctx, reader(1), 0, cursor.Cursor{}, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{list, list[0], list[0].Rows, list[0].Rows[0], message.Sent{}} {
			fmt.Fprintf(&b, "%v %+v %#v %s", v, v, v, v)
			slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
			out, _ := json.Marshal(v)
			b.Write(out)
		}
		var lines, body []byte
		var data string
		if err := db.QueryRow(ctx, `select lines, body from note where resident = 1`).Scan(&lines, &body); err != nil {
			t.Fatal(err)
		}
		if err := db.QueryRow(ctx, `select data from event where name = 'message.sent' limit 1`).Scan(&data); err != nil {
			t.Fatal(err)
		}
		b.Write(lines)
		b.Write(body)
		b.WriteString(data)
		for _, canary := range []string{"张三", "12345", "150.00"} {
			if strings.Contains(b.String(), canary) {
				t.Errorf("%q is given away", canary)
			}
		}
		for column, v := range map[string][]byte{"lines": lines, "body": body} {
			if err := db.Write(ctx, func(tx *sqldb.Tx) error {
				_, err := tx.Exec(`update note set `+column+` = $1 where resident = 2`, v)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := d.List(ctx, reader(2), 0, cursor.Cursor{}, 1); err == nil {
				t.Errorf("%s of another note opens", column)
			}
		}
	})
}
