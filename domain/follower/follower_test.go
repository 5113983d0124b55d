package follower_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zhijian/domain/follower"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func newDesk(t testing.TB, db *sqldb.DB) (*follower.Desk, *clock.Fixed) {
	t.Helper()
	c := testkit.Clock()
	d, err := follower.New(follower.Config{Store: store.Followers{DB: db, Ring: testkit.Ring(t)}, Purse: store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: c}, Clock: c, IDs: &uid.Maker{Clock: c}})
	if err != nil {
		t.Fatal(err)
	}
	return d, c
}

func resident(id int64) actor.Actor { return actor.Actor{Kind: actor.Resident, ID: id} }

func meet(t *testing.T, d *follower.Desk, openid string) follower.Follower {
	t.Helper()
	f, err := d.Meet(context.Background(), actor.House, 9, seal.Plain(openid))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func offer(t *testing.T, d *follower.Desk, openid string) string {
	t.Helper()
	secret, err := d.Offer(context.Background(), actor.House, meet(t, d, openid))
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func code(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Code
	}
	return ""
}

func TestBinding(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx, me := context.Background(), resident(1)
		if f := meet(t, d, "oA"); f.ID != 0 || f.Holds(c.Now()) || f.Visitor == "" {
			t.Fatalf("a stranger: %+v", f)
		}
		secret := offer(t, d, "oA")
		if f, err := d.Linked(ctx, me, secret); err != nil || f.Account != 9 {
			t.Fatalf("the link's page: %v", err)
		}
		claimed, err := d.Claim(ctx, me, secret)
		number := claimed.Link.Code.Reveal()
		if err != nil || !follower.IsCode(number) {
			t.Fatalf("agreed: %v", err)
		}
		if again, err := d.Claim(ctx, me, secret); err != nil || again.Link.Code.Reveal() != number {
			t.Errorf("agreed twice: %v", err)
		}
		f := meet(t, d, "oA")
		if !f.Awaits(c.Now()) || f.Holds(c.Now()) {
			t.Fatal("agreeing alone binds, or nothing is awaited")
		}
		bound, err := d.Bind(ctx, actor.House, f, number)
		if err != nil || !bound.Holds(c.Now()) || bound.Resident != 1 {
			t.Fatalf("bound: %v", err)
		}
		if f := meet(t, d, "oA"); f.Resident != 1 || f.Visitor != bound.Visitor {
			t.Errorf("met again: of %d", f.Resident)
		}
		if again, err := d.Bind(ctx, actor.House, f, number); err != nil || again.Rev != bound.Rev {
			t.Errorf("the number twice changes something: %v", err)
		}
		if _, err := d.Linked(ctx, me, secret); code(err) != "follower.link" {
			t.Errorf("a link that was used: %v", err)
		}
		if list, err := d.Of(ctx, me); err != nil || len(list) != 1 || list[0].ID != bound.ID {
			t.Errorf("listed: %d, %v", len(list), err)
		}
		if err := d.End(ctx, resident(2), bound.ID); err != nil || !meet(t, d, "oA").Holds(c.Now()) {
			t.Errorf("another ends it: %v", err)
		}
		for range 2 {
			if err := d.End(ctx, me, bound.ID); err != nil || meet(t, d, "oA").Holds(c.Now()) {
				t.Errorf("its resident ends it: %v", err)
			}
		}
		if err := d.End(ctx, me, 424242); err != nil {
			t.Errorf("ends one that never was: %v", err)
		}
	})
}

// TestStolenLinks: a link holds for one resident, fifteen minutes and five numbers, and for the newest of its talk alone.
func TestStolenLinks(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx, victim, thief := context.Background(), resident(1), resident(2)
		for name, dead := range map[string]func(t *testing.T) string{
			"never made": func(*testing.T) string { return uid.Secret(20) },
			"empty":      func(*testing.T) string { return "" },
			"replaced": func(t *testing.T) string {
				s := offer(t, d, "oR")
				offer(t, d, "oR")
				return s
			},
			"too old": func(t *testing.T) string {
				s := offer(t, d, "oO")
				c.Advance(15 * time.Minute)
				return s
			},
			"another agreed": func(t *testing.T) string {
				s := offer(t, d, "oC")
				if _, err := d.Claim(ctx, victim, s); err != nil {
					t.Fatal(err)
				}
				return s
			},
		} {
			secret := dead(t)
			if _, err := d.Linked(ctx, thief, secret); code(err) != "follower.link" {
				t.Errorf("%s, looked at: %v", name, err)
			}
			if _, err := d.Claim(ctx, thief, secret); code(err) != "follower.link" {
				t.Errorf("%s, agreed to: %v", name, err)
			}
		}
		if _, err := d.Linked(ctx, actor.Actor{}, offer(t, d, "oV")); code(err) != "session" {
			t.Errorf("a visitor: %v", err)
		}
		// Who took somebody else's link and agreed has no talk to write the number in; in a talk of their own it is another's.
		claimed, err := d.Claim(ctx, thief, offer(t, d, "oVictim"))
		if err != nil {
			t.Fatal(err)
		}
		offer(t, d, "oThief")
		if f, err := d.Bind(ctx, actor.House, meet(t, d, "oThief"), claimed.Link.Code.Reveal()); err != nil || f.Resident != 0 {
			t.Errorf("the number binds another talk: %v", err)
		}
		// Who sent their own link to somebody who agreed guesses the number five times.
		claimed, err = d.Claim(ctx, victim, offer(t, d, "oThief2"))
		if err != nil {
			t.Fatal(err)
		}
		right := claimed.Link.Code.Reveal()
		wrong := "000000"
		if wrong == right {
			wrong = "000001"
		}
		for range 5 {
			if f, err := d.Bind(ctx, actor.House, meet(t, d, "oThief2"), wrong); err != nil || f.Resident != 0 {
				t.Fatalf("guessed: %v", err)
			}
		}
		if f, err := d.Bind(ctx, actor.House, meet(t, d, "oThief2"), right); err != nil || f.Resident != 0 {
			t.Errorf("the sixth number is still taken: %v", err)
		}
	})
}

func TestLeaving(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx := context.Background()
		bind := func() follower.Follower {
			claimed, err := d.Claim(ctx, resident(1), offer(t, d, "oL"))
			if err != nil {
				t.Fatal(err)
			}
			f, err := d.Bind(ctx, actor.House, meet(t, d, "oL"), claimed.Link.Code.Reveal())
			if err != nil || !f.Holds(c.Now()) {
				t.Fatal(err)
			}
			return f
		}
		f := bind()
		if err := d.Leave(ctx, actor.House, f, c.Now().Add(-time.Minute)); err != nil || !meet(t, d, "oL").Holds(c.Now()) {
			t.Errorf("an old word of leaving ends what came after: %v", err)
		}
		for range 2 {
			if err := d.Leave(ctx, actor.House, f, c.Now()); err != nil || meet(t, d, "oL").Holds(c.Now()) {
				t.Errorf("left: %v", err)
			}
		}
		if err := d.Leave(ctx, actor.House, follower.Follower{}, c.Now()); err != nil {
			t.Errorf("a stranger leaves: %v", err)
		}
		bind()
		c.Advance(180 * 24 * time.Hour)
		if meet(t, d, "oL").Holds(c.Now()) {
			t.Error("a binding holds for ever")
		}
		if list, err := d.Of(ctx, resident(1)); err != nil || len(list) != 0 {
			t.Errorf("one that ran out is listed: %v", err)
		}
	})
}

func TestBounds(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx := context.Background()
		for _, a := range []actor.Actor{{}, resident(1), {Kind: actor.Staff, ID: 1}} {
			if _, err := d.Meet(ctx, a, 9, seal.Plain("oX")); code(err) != "follower.house" {
				t.Errorf("%v meets: %v", a, err)
			}
			if _, err := d.Offer(ctx, a, meet(t, d, "oX")); code(err) != "follower.house" {
				t.Errorf("%v offers: %v", a, err)
			}
			if _, err := d.Bind(ctx, a, follower.Follower{ID: 1}, "000000"); code(err) != "follower.house" {
				t.Errorf("%v binds: %v", a, err)
			}
		}
		if _, err := d.Of(ctx, actor.House); code(err) != "session" {
			t.Errorf("the house lists: %v", err)
		}
		last, n := error(nil), 0
		for ; n < 100 && last == nil; n++ {
			_, last = d.Meet(ctx, actor.House, 9, seal.Plain("oFlood"))
		}
		if !fault.Is(last, fault.KindTooMany) || n != 31 {
			t.Errorf("a flood stops after %d: %v", n, last)
		}
		if _, err := d.Meet(ctx, actor.House, 9, seal.Plain("oCalm")); err != nil {
			t.Errorf("another suffers from it: %v", err)
		}
		f := meet(t, d, "oLinks")
		var given atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := d.Offer(ctx, actor.House, f); err == nil {
					given.Add(1)
				} else if !fault.Is(err, fault.KindTooMany) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if given.Load() != 12 {
			t.Errorf("%d links in an hour", given.Load())
		}
		for i := range 30 { // strangers who never come back are forgotten a day later
			offer(t, d, fmt.Sprint("oGone", i))
		}
		c.Advance(25 * time.Hour)
		for i := range 4 {
			offer(t, d, fmt.Sprint("oNew", i))
		}
		var rows int
		if err := db.QueryRow(ctx, `select count(*) from follower`).Scan(&rows); err != nil || rows > 6 {
			t.Errorf("%d followers are kept, %v", rows, err)
		}
	})
}

// TestOpenidsAreSecret: no openid, secret or number lies open in any table, and openids of two accounts are not alike.
func TestOpenidsAreSecret(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	d, _ := newDesk(t, db)
	ctx := context.Background()
	secret := offer(t, d, "oSECRETopenid")
	claimed, err := d.Claim(ctx, resident(1), secret)
	if err != nil {
		t.Fatal(err)
	}
	f := meet(t, d, "oSECRETopenid")
	other, err := d.Meet(ctx, actor.House, 8, seal.Plain("oSECRETopenid"))
	if err != nil || bytes.Equal(other.Index, f.Index) || other.Visitor == f.Visitor {
		t.Errorf("two accounts can be linked: %v", err)
	}
	var index, link, number []byte
	if err := db.QueryRow(ctx, `select openid_blind, link, code from follower where id = $1`, f.ID).Scan(&index, &link, &number); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(ctx, `select data from event`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := string(index) + string(link) + string(number)
	for rows.Next() {
		var data []byte
		if err := rows.Scan(&data); err != nil {
			t.Fatal(err)
		}
		all += string(data)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{"SECRET", secret, claimed.Link.Code.Reveal(), f.Visitor, strings.TrimPrefix(f.Visitor, "follower-")} {
		if strings.Contains(all, hidden) {
			t.Errorf("%.4s… lies open in the database", hidden)
		}
	}
}

// TestCopiedSignatures: a signature brings one message, however often and after whatever restart.
func TestCopiedSignatures(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d, c := newDesk(t, db)
		ctx := context.Background()
		var taken atomic.Int64
		var all sync.WaitGroup
		for i := range 6 {
			all.Go(func() {
				if err := d.Fresh(ctx, actor.House, 9, "sig", fmt.Sprint("m", i)); err == nil {
					taken.Add(1)
				} else if code(err) != "follower.copied" {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 1 {
			t.Errorf("one signature brought %d messages", taken.Load())
		}
		again, _ := newDesk(t, db)
		for _, step := range []struct {
			desk       *follower.Desk
			account    int64
			sig, m     string
			want, name string
		}{
			{d, 9, "sig2", "m", "", "another signature"},
			{again, 9, "sig2", "m", "", "delivered again after a restart"},
			{again, 9, "sig2", "n", "follower.copied", "another message after a restart"},
			{d, 8, "sig2", "n", "", "another account"},
		} {
			if err := step.desk.Fresh(ctx, actor.House, step.account, step.sig, step.m); code(err) != step.want {
				t.Errorf("%s: %v", step.name, err)
			}
		}
		if err := d.Fresh(ctx, resident(1), 9, "sig3", "m"); code(err) != "follower.house" {
			t.Errorf("a resident asks: %v", err)
		}
		c.Advance(11 * time.Minute)
		if err := d.Fresh(ctx, actor.House, 9, "sig4", "m"); err != nil {
			t.Error(err)
		}
		var rows int
		if err := db.QueryRow(ctx, `select count(*) from follower_seen`).Scan(&rows); err != nil || rows != 1 {
			t.Errorf("%d signatures are kept after their time, %v", rows, err)
		}
	})
}
