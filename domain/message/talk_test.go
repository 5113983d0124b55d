package message_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhijian/domain/message"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func mine(text string) message.Line { return message.Line{Mine: true, Text: seal.Plain(text)} }

func theirs(text string) message.Line { return message.Line{Text: seal.Plain(text)} }

func turn(seen int, no, memo string, lines ...message.Line) message.Turn {
	return message.Turn{Seen: seen, Case: no, Memo: seal.Plain(memo), Lines: lines}
}

func said(lines []message.Line) (out []string) {
	for _, l := range lines {
		who := "house"
		if l.Mine {
			who = "mine"
		}
		out = append(out, fmt.Sprintf("%d %s %s", l.N, who, l.Text.Reveal()))
	}
	return out
}

func TestTalk(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx, me := context.Background(), reader(1)
		talk, lines, err := d.Talk(ctx, me, "", 9)
		if err != nil || talk.Last != 0 || len(lines) != 0 {
			t.Fatalf("a talk that has not begun: %d, %v", talk.Last, err)
		}
		if _, err := d.Say(ctx, me, "", 9, turn(0, "", "", mine("我的车是浙A12345"), theirs(`{"title":"哪辆车"}`))); err != nil {
			t.Fatal(err)
		}
		c.Advance(72 * time.Hour)
		if _, err := d.Say(ctx, me, "", 9, turn(2, "K7QF", `{"step":"plate"}`, mine("1"))); err != nil {
			t.Fatal(err)
		}
		talk, lines, err = d.Talk(ctx, me, "", 9)
		if got := strings.Join(said(lines), "; "); err != nil || got != `1 mine 我的车是浙A12345; 2 house {"title":"哪辆车"}; 3 mine 1` {
			t.Errorf("kept %q, %v", got, err)
		}
		if talk.Case != "K7QF" || talk.Memo.Reveal() != `{"step":"plate"}` || talk.Last != 3 || !talk.At.Equal(c.Now()) || !lines[0].At.Equal(testkit.Now()) {
			t.Errorf("the talk is about %s, last %d, at %s", talk.Case, talk.Last, talk.At)
		}
		if ok, err := d.Talking(ctx, me, "", 9, "K7QF"); err != nil || !ok {
			t.Errorf("talking about it: %t, %v", ok, err)
		}
		for name, who := range map[string]struct {
			a       actor.Actor
			cookie  string
			account int64
		}{"another resident": {reader(2), "", 9}, "another account": {me, "", 8}, "a visitor": {actor.Actor{}, "c", 9}, "a member of staff": {actor.Actor{Kind: actor.Staff, ID: 1}, "", 9}} {
			if talk, lines, err := d.Talk(ctx, who.a, who.cookie, who.account); err != nil || talk.ID != 0 || talk.Case != "" || len(lines) != 0 {
				t.Errorf("%s reads %d lines, %v", name, len(lines), err)
			}
			if ok, err := d.Talking(ctx, who.a, who.cookie, who.account, "K7QF"); ok || err != nil {
				t.Errorf("%s talks about it: %v", name, err)
			}
		}
		told, err := d.Told(ctx, me)
		if err != nil || len(told) != 3 {
			t.Errorf("%d lines to take along, %v", len(told), err)
		}
	})
}

// TestTalkIsSealed looks for what was said in the rows themselves.
func TestTalkIsSealed(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, _ := newDesk(t, db)
		ctx := context.Background()
		if _, err := d.Say(ctx, reader(1), "", 9, turn(0, "", "memo of 张三", mine("浙A12345"))); err != nil {
			t.Fatal(err)
		}
		var memo, body []byte
		if err := db.QueryRow(ctx, `select memo from talk`).Scan(&memo); err != nil {
			t.Fatal(err)
		}
		if err := db.QueryRow(ctx, `select body from talk_line`).Scan(&body); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(memo, []byte("张三")) || bytes.Contains(body, []byte("浙A")) || len(memo) == 0 || len(body) == 0 {
			t.Error("what was said lies open in the database")
		}
		// A line belongs to its place: moved to another number it does not open.
		if err := db.Write(ctx, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`update talk_line set n = 7`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Talk(ctx, reader(1), "", 9); err == nil {
			t.Error("a line that was moved opens")
		}
	})
}

func TestTalkIsBounded(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx, me, n := context.Background(), reader(1), 0
		for i := range 90 {
			if _, err := d.Say(ctx, me, "", 9, turn(n, "", "", mine(fmt.Sprint("a", i)), theirs("b"), theirs("c"))); err != nil {
				t.Fatal(err)
			}
			n += 3
		}
		talk, lines, err := d.Talk(ctx, me, "", 9)
		if err != nil || talk.Last != 270 || len(lines) != message.MaxLines || lines[0].N != 71 {
			t.Fatalf("%d lines from %d of %d, %v", len(lines), lines[0].N, talk.Last, err)
		}
		if _, err := d.Say(ctx, actor.Actor{}, "cookie", 9, turn(0, "", "", mine("x"))); err != nil {
			t.Fatal(err)
		}
		c.Advance(31 * 24 * time.Hour)
		if talk, _, _ := d.Talk(ctx, actor.Actor{}, "cookie", 9); talk.ID != 0 {
			t.Error("a visitor's talk is kept beyond its cookie")
		}
		if talk, _, _ := d.Talk(ctx, me, "", 9); talk.ID == 0 {
			t.Error("a resident's talk is gone after a month")
		}
		c.Advance(150 * 24 * time.Hour)
		if talk, _, _ := d.Talk(ctx, me, "", 9); talk.ID != 0 {
			t.Error("a resident's talk is kept beyond half a year")
		}
		if _, err := d.Say(ctx, me, "", 9, turn(0, "", "", mine("anew"))); err != nil {
			t.Fatalf("a talk begins anew: %v", err)
		}
		var talks, rows int
		if err := db.QueryRow(ctx, `select count(*) from talk`).Scan(&talks); err != nil {
			t.Fatal(err)
		}
		if err := db.QueryRow(ctx, `select count(*) from talk_line`).Scan(&rows); err != nil || talks != 1 || rows != 1 {
			t.Errorf("%d talks with %d lines lie about, %v", talks, rows, err)
		}
	})
}

func TestWhatCannotBeSaid(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx, me := context.Background(), reader(1)
		for name, s := range map[string]struct {
			text string
			code string
		}{
			"nothing": {"", "talk.empty"}, "blanks": {" \u3000\t\n", "talk.empty"}, "control characters": {"\x00\x07", "talk.empty"},
			"no text": {"a\xff", "talk.empty"}, "too long": {strings.Repeat("字", message.MaxWords+1), "talk.long"},
		} {
			if _, err := d.Say(ctx, me, "", 9, turn(0, "", "", mine(s.text))); fault.Of(err) == nil || fault.Of(err).Code != s.code || fault.Of(err).Field != "line" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := d.Say(ctx, actor.Actor{}, "", 9, turn(0, "", "", mine("x"))); !fault.Is(err, fault.KindDenied) {
			t.Errorf("nobody speaks: %v", err)
		}
		if _, err := d.Told(ctx, actor.Actor{}); !fault.Is(err, fault.KindDenied) {
			t.Errorf("nobody takes along: %v", err)
		}
		if _, err := d.Say(ctx, me, "", 9, turn(3, "", "", mine("x"))); fault.Of(err) == nil || fault.Of(err).Code != "talk.moved" {
			t.Errorf("an answer to what was never said: %v", err)
		}
		var done atomic.Int64 // of many at once on the same line one is taken
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				_, err := d.Say(ctx, me, "", 7, turn(0, "", "", mine(fmt.Sprint("at once ", i))))
				switch {
				case err == nil:
					done.Add(1)
				case !fault.Is(err, fault.KindConflict):
					t.Errorf("at once: %v", err)
				}
			})
		}
		all.Wait()
		if done.Load() != 1 {
			t.Errorf("%d of 8 lines at once were taken", done.Load())
		}
		last := error(nil)
		for n := 0; n < 400 && last == nil; n++ { // a budget per person, whatever the address
			_, last = d.Say(ctx, me, "", 5, turn(n, "", "", mine("x")))
		}
		if !fault.Is(last, fault.KindTooMany) {
			t.Errorf("400 lines in an hour: %v", last)
		}
		c.Advance(2 * time.Hour)
		if _, err := d.Say(ctx, me, "", 4, turn(0, "", "", mine("x"))); err != nil {
			t.Errorf("two hours later: %v", err)
		}
	})
}

func TestAdopting(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, _ := newDesk(t, db)
		ctx, me := context.Background(), reader(1)
		say := func(a actor.Actor, cookie string, account int64, seen int, no string, text string) {
			t.Helper()
			if _, err := d.Say(ctx, a, cookie, account, turn(seen, no, no, mine(text))); err != nil {
				t.Fatal(err)
			}
		}
		say(actor.Actor{}, "c", 9, 0, "V", "as a visitor")
		say(actor.Actor{}, "c", 8, 0, "", "elsewhere")
		say(me, "", 8, 0, "R", "as myself")
		for range 2 { // a second time there is nothing to adopt
			for _, account := range []int64{9, 8, 7} {
				if err := d.Adopt(ctx, me, "c", account); err != nil {
					t.Fatal(err)
				}
			}
		}
		for account, want := range map[int64]string{9: "V/1 mine as a visitor", 8: "R/1 mine as myself; 2 mine elsewhere"} {
			talk, lines, err := d.Talk(ctx, me, "", account)
			if got := talk.Case + "/" + strings.Join(said(lines), "; "); err != nil || got != want || talk.Memo.Reveal() != talk.Case {
				t.Errorf("with %d: %q, want %q, %v", account, got, want, err)
			}
			if talk, lines, _ := d.Talk(ctx, actor.Actor{}, "c", account); talk.ID != 0 || len(lines) != 0 {
				t.Errorf("the visitor still has the talk with %d", account)
			}
		}
		if err := d.Adopt(ctx, actor.Actor{}, "c", 9); err != nil {
			t.Errorf("a visitor adopts: %v", err)
		}
	})
}

// TestHeardOnce: a message that its platform delivers again, also after a restart, becomes one line.
func TestHeardOnce(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx, me := context.Background(), reader(1)
		say := func(d *message.Desk, seen int, key, text string) error {
			next := turn(seen, "", "", mine(text))
			next.Key = key
			_, err := d.Say(ctx, me, "", 9, next)
			return err
		}
		var taken atomic.Int64
		var all sync.WaitGroup
		for range 6 { // deliveries at once
			all.Go(func() {
				switch err := say(d, 0, "m1", "交罚款"); {
				case err == nil:
					taken.Add(1)
				case !fault.Is(err, fault.KindConflict):
					t.Errorf("at once: %v", err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 1 {
			t.Fatalf("one message was taken %d times", taken.Load())
		}
		if err := say(d, 1, "m2", "1"); err != nil {
			t.Fatal(err)
		}
		again, err := message.New(message.Config{Store: store.Messages{DB: db, Ring: testkit.Ring(t)}, Talks: store.Talks{DB: db, Ring: testkit.Ring(t)}, Purse: store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: c}, Clock: c, IDs: &uid.Maker{Clock: c}})
		if err != nil {
			t.Fatal(err)
		}
		if err := say(again, 2, "m1", "交罚款"); fault.Of(err) == nil || fault.Of(err).Code != "talk.heard" {
			t.Errorf("after a restart: %v", err)
		}
		for key, want := range map[string]int{"m1": 1, "m2": 2, "m3": 0, "": 0} {
			if n, err := again.Heard(ctx, key); n != want || err != nil {
				t.Errorf("%q became line %d, want %d, %v", key, n, want, err)
			}
		}
		c.Advance(7*24*time.Hour + time.Second)
		if err := say(d, 2, "m4", "还在"); err != nil {
			t.Fatal(err)
		}
		var marks int
		if err := db.QueryRow(ctx, `select count(*) from talk_heard`).Scan(&marks); err != nil || marks != 1 {
			t.Errorf("%d marks are kept after a week, %v", marks, err)
		}
	})
}
