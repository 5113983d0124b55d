package staff_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"zhijian/domain/staff"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	password = "一句只有我知道的长长的话 2026"
	secret   = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

type world struct {
	t     testing.TB
	db    *sqldb.DB
	clock *clock.Fixed
	store store.Staff
	desk  *staff.Desk
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	return newWorldWith(t, db, staff.Limits{})
}

func newWorldWith(t testing.TB, db *sqldb.DB, limits staff.Limits) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: testkit.Clock(), store: store.Staff{DB: db, Ring: testkit.Ring(t)}}
	var err error
	w.desk, err = staff.New(staff.Config{
		Store: w.store, Roll: w.store, Purse: store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: w.clock}, Clock: w.clock, IDs: &uid.Maker{Clock: w.clock},
		Cost:   staff.Cost{Memory: 19 << 10, Passes: 2, Lanes: 1}, // the floor, so that tests are quick
		Limits: limits,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.desk.Enroll(context.Background(), actor.House, enrolment()); err != nil {
		t.Fatal(err)
	}
	return w
}

func enrolment() staff.Enrolment {
	return staff.Enrolment{User: "chen.jing", Name: "陈静", Password: password, TOTP: secret, Department: 7}
}

func (w *world) code() string {
	w.t.Helper()
	c, err := totp.GenerateCode(secret, w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) signIn(client string) (string, error) {
	token, _, err := w.desk.SignIn(context.Background(), " Chen.Jing", password, w.code(), client)
	return token, err
}

func refused(t testing.TB, err error) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Code != "staff.refused" || f.Kind != fault.KindDenied {
		t.Errorf("got %v, want staff.refused", err)
	}
}

func TestSignInNeedsBothFactors(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		code := w.code()
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		answers := map[string]bool{}
		for name, c := range map[string][3]string{
			"no code":        {"chen.jing", password, ""},
			"wrong code":     {"chen.jing", password, wrong},
			"wrong password": {"chen.jing", password + "x", code},
			"no password":    {"chen.jing", "", code},
			"unknown user":   {"nobody", password, code},
			"empty":          {"", "", ""},
			"huge":           {strings.Repeat("u", 10_000), strings.Repeat("p", 1<<20), code},
		} {
			token, m, err := w.desk.SignIn(ctx, c[0], c[1], c[2], name)
			refused(t, err)
			if token != "" || m.ID != 0 {
				t.Errorf("%s: something is given away", name)
			}
			body, _ := json.Marshal(fault.Of(err))
			answers[string(body)+err.Error()] = true
		}
		if len(answers) != 1 {
			t.Errorf("failures are told apart: %v", answers)
		}
		token, m, err := w.desk.SignIn(ctx, "CHEN.JING ", password, code[:3]+" "+code[3:], "office")
		if err != nil || m.Department != 7 || m.Operator {
			t.Fatalf("both factors: %+v, %v", m, err)
		}
		s, who, err := w.desk.Who(ctx, token)
		if err != nil || who.ID != m.ID || s.Member != m.ID {
			t.Errorf("the token is %+v of %+v, %v", s, who, err)
		}
	})
}

// T11: a code works once, also for two who use it at the same moment.
func TestCodeIsNotReplayed(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		code := w.code()
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() {
				_, _, errs[i] = w.desk.SignIn(context.Background(), "chen.jing", password, code, fmt.Sprint(i))
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				refused(t, err)
			}
		}
		if won != 1 {
			t.Errorf("one code opened %d sessions", won)
		}
		_, _, err := w.desk.SignIn(context.Background(), "chen.jing", password, code, "later")
		refused(t, err)
		w.clock.Advance(30 * time.Second)
		if _, err := w.signIn("next"); err != nil {
			t.Errorf("the next code: %v", err)
		}
		// A code of the step before is forgiven a slow hand, but not once a later one was used.
		before, _ := totp.GenerateCode(secret, w.clock.Now().Add(-30*time.Second))
		_, _, err = w.desk.SignIn(context.Background(), "chen.jing", password, before, "slow")
		refused(t, err)
		w.clock.Advance(2 * time.Minute)
		late, _ := totp.GenerateCode(secret, w.clock.Now().Add(-60*time.Second))
		_, _, err = w.desk.SignIn(context.Background(), "chen.jing", password, late, "too slow")
		refused(t, err)
	})
}

// T56: an unknown user takes the time of a known one.
func TestUnknownUserTakesAsLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.Database(t))
	known, unknown := time.Hour, time.Hour // the shortest of each, by turns: what else the machine does only adds
	for i := range 7 {
		for user, shortest := range map[string]*time.Duration{"chen.jing": &known, "nobody": &unknown} {
			took := clock.Stopwatch()
			_, _, err := w.desk.SignIn(context.Background(), user, "wrong", "000000", fmt.Sprint(user, i))
			*shortest = min(*shortest, took())
			refused(t, err)
		}
	}
	if ratio := float64(known) / float64(unknown); ratio < 0.4 || ratio > 2.5 {
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}

// T11, T71: guesses are slowed down, and cannot keep the true member out of where they usually are.
func TestGuessesSlowDown(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorldWith(t, db, staff.Limits{User: 4, Client: 8}), context.Background()
		if _, err := w.signIn("office"); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(20 * time.Minute)
		guess := func(user, client string) error {
			_, _, err := w.desk.SignIn(ctx, user, "wrong", "000000", client)
			return err
		}
		for i := range 5 { // four in a quarter of an hour, and one in this minute
			refused(t, guess("chen.jing", fmt.Sprintf("bot %d", i)))
		}
		if err := guess("chen.jing", "bot 11"); !fault.Is(err, fault.KindTooMany) {
			t.Errorf("the sixth guess: %v", err)
		}
		w.clock.Advance(time.Minute)
		refused(t, guess("chen.jing", "bot 12"))
		if _, err := w.signIn("office"); err != nil {
			t.Errorf("the true member is kept out: %v", err)
		}
		for i := range 9 {
			err := guess(fmt.Sprintf("user%d", i), "sprayer")
			if i < 8 {
				refused(t, err)
			} else if !fault.Is(err, fault.KindTooMany) {
				t.Errorf("spraying goes on: %v", err)
			}
		}
	})
}

// T11: refusals leave an event that names nobody but the member, and the house as a whole slows strangers down.
func TestRefusalsAreNoted(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorldWith(t, db, staff.Limits{All: 6}), context.Background()
		if _, err := w.signIn("office"); err != nil { // one of the six
			t.Fatal(err)
		}
		for i := range 5 {
			user := []string{"chen.jing", "nobody-at-all"}[i%2]
			_, _, err := w.desk.SignIn(ctx, user, "wrong", "000000", fmt.Sprint("10.9.8.", i))
			refused(t, err)
		}
		if _, _, err := w.desk.SignIn(ctx, "another", "wrong", "000000", "10.9.8.77"); fault.Of(err) == nil || fault.Of(err).Code != "budget.staff.all.hour" {
			t.Errorf("strangers guess on: %v", err)
		}
		w.clock.Advance(time.Minute)
		if _, err := w.signIn("office"); err != nil {
			t.Errorf("the true member is kept out: %v", err)
		}
		rows, err := db.Query(ctx, `select data || actor from event where name = 'staff.refused'`)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; rows.Next(); n++ {
			var body string
			if err := rows.Scan(&body); err != nil {
				t.Fatal(err)
			}
			for _, canary := range []string{"chen", "nobody-at-all", "10.9.8", "wrong", "000000"} {
				if strings.Contains(body, canary) {
					t.Errorf("the event tells %q: %s", canary, body)
				}
			}
		}
		if err := rows.Close(); err != nil || n != 5 {
			t.Errorf("%d refusals are noted, want 5; %v", n, err)
		}
	})
}

// T09: signing in anew ends the session that the browser had.
func TestLeave(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	token, err := w.signIn("office")
	if err != nil {
		t.Fatal(err)
	}
	for _, none := range []string{"", "x", strings.Repeat("0", 64)} {
		if err := w.desk.Leave(ctx, none); err != nil {
			t.Errorf("leaving %q: %v", none, err)
		}
	}
	if _, _, err := w.desk.Who(ctx, token); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.desk.Leave(ctx, token); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := w.desk.Who(ctx, token); !fault.Is(err, fault.KindDenied) {
		t.Errorf("the session lives: %v", err)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		open := func() (string, actor.Actor) {
			t.Helper()
			w.clock.Advance(16 * time.Minute)
			token, err := w.signIn("office")
			if err != nil {
				t.Fatal(err)
			}
			s, m, err := w.desk.Who(ctx, token)
			if err != nil {
				t.Fatal(err)
			}
			return token, actor.Actor{Kind: actor.Staff, ID: m.ID, Session: s.ID}
		}
		gone := func(what, token string) {
			t.Helper()
			if _, _, err := w.desk.Who(ctx, token); !fault.Is(err, fault.KindDenied) {
				t.Errorf("%s: %v", what, err)
			}
		}
		gone("planted", strings.Repeat("a", 64))
		gone("empty", "")

		token, _ := open()
		w.clock.Advance(30 * time.Minute)
		gone("idle", token)

		token, _ = open()
		for range 24 { // in use all the time
			w.clock.Advance(29 * time.Minute)
			if _, _, err := w.desk.Who(ctx, token); err != nil {
				t.Fatalf("in use: %v", err)
			}
		}
		w.clock.Advance(25 * time.Minute) // 12 hours and 1 minute
		gone("after 12 hours", token)

		token, a := open()
		for range 2 {
			if err := w.desk.SignOut(ctx, a); err != nil {
				t.Fatal(err)
			}
		}
		gone("signed out", token)

		token, _ = open()
		if _, _, err := w.desk.Enroll(ctx, actor.House, enrolment()); err != nil {
			t.Fatal(err)
		}
		gone("enrolled anew", token)
	})
}

func TestEnroll(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		first, err := w.store.ByUser(ctx, "chen.jing")
		if err != nil {
			t.Fatal(err)
		}
		e := enrolment()
		e.Name, e.Department, e.Operator, e.TOTP = "陈静静", 0, true, ""
		m, made, err := w.desk.Enroll(ctx, actor.Actor{Kind: actor.Operator, ID: 1}, e)
		if err != nil || m.ID != first.ID || m.Name != "陈静静" || !m.Operator || len(made) != 32 || m.TOTP.Reveal() != made || m.Rev != first.Rev+1 {
			t.Errorf("enrolled anew: %+v (%d), %v", m, m.ID, err)
		}
		kept, err := w.store.Member(ctx, m.ID)
		if err != nil || kept.TOTP != m.TOTP || kept.Department != 0 || !strings.HasPrefix(kept.Password, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("kept %v", err)
		}
		for _, a := range []actor.Actor{{}, {Kind: actor.Resident, ID: 1}, {Kind: actor.Staff, ID: 1, Department: 7}} {
			if _, _, err := w.desk.Enroll(ctx, a, enrolment()); !fault.Is(err, fault.KindDenied) {
				t.Errorf("%v enrols: %v", a, err)
			}
		}
		_, _, err = w.desk.Enroll(ctx, actor.House, staff.Enrolment{User: "x y", Password: "short", TOTP: "1"})
		var fields []string
		for _, f := range fault.Of(err).All() {
			fields = append(fields, f.Field)
		}
		if got := strings.Join(fields, " "); got != "totp user name department password" {
			t.Errorf("fields at fault: %s", got)
		}
	})
}

func TestWeakPasswords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.Database(t))
	for p, code := range map[string]string{
		"12345678901234": "staff.password.short", strings.Repeat("好", 129): "staff.password.long",
		"aaaaaaaaaaaaaaaaaa": "staff.password.weak", "chen.jing2026abc": "staff.password.weak", "abcabcabcabcabcabc": "staff.password.weak",
		"qwertyuiopasdfgh": "staff.password.weak", "Password12345678": "staff.password.weak", "iloveyouiloveyou": "staff.password.weak", "administrator2026": "staff.password.weak",
		"123456789012345678": "staff.password.weak", "zyxwvutsrqponmlk": "staff.password.weak", "P@ssw0rdP@ssw0rd": "staff.password.weak", "1qaz2wsx3edc4rfv": "staff.password.weak",
	} {
		e := enrolment()
		e.Password = p
		if _, _, err := w.desk.Enroll(context.Background(), actor.House, e); fault.Of(err) == nil || fault.Of(err).Code != code {
			t.Errorf("%q: %v, want %s", p, err, code)
		}
	}
}

func TestCostHasAFloor(t *testing.T) {
	t.Parallel()
	db := testkit.Database(t)
	c := testkit.Clock()
	for _, cost := range []staff.Cost{{Memory: 1024, Passes: 3, Lanes: 1}, {Memory: 19 << 10, Passes: 1, Lanes: 1}, {Memory: 64 << 10, Passes: 3}} {
		_, err := staff.New(staff.Config{
			Store: store.Staff{DB: db, Ring: testkit.Ring(t)}, Purse: store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: c}, Clock: c,
			IDs: &uid.Maker{Clock: c}, Cost: cost,
		})
		if err == nil {
			t.Errorf("%+v is taken", cost)
		}
	}
	if _, err := staff.New(staff.Config{}); err == nil {
		t.Error("an empty configuration is taken")
	}
}

// T51: neither database nor print shows what a sign-in rests on.
func TestNothingIsGivenAway(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		token, err := w.signIn("office")
		if err != nil {
			t.Fatal(err)
		}
		m, err := w.store.ByUser(ctx, "chen.jing")
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		for _, v := range []any{m, &m, enrolment(), []staff.Member{m}, staff.Enrolled{}, staff.SignedIn{}} {
			fmt.Fprintf(&b, "%v %+v %#v %s", v, v, v, v)
			slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
			out, _ := json.Marshal(v)
			b.Write(out)
		}
		for _, query := range []string{`select totp, password from staff`, `select token, token from staff_session`} {
			var x, y []byte
			if err := db.QueryRow(ctx, query).Scan(&x, &y); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(y), "$argon2id$") {
				b.Write(y)
			}
			b.Write(x)
		}
		for _, canary := range []string{password, secret, token, m.Password} {
			if strings.Contains(b.String(), canary) {
				t.Errorf("%q is given away", canary)
			}
		}
	})
}
