package identity_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/domain/identity"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

var nobody actor.Actor

func TestSignIn(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		code := w.code("138 0013 8000")
		text := w.out.texts[0]
		if strings.Count(text, code) != 1 || !strings.Contains(text, "登录") || !strings.Contains(text, "5 分钟") || !strings.HasPrefix(text, "+8613800138000 ") {
			t.Errorf("the text is %q", text)
		}
		token, r, err := w.desk.SignIn(ctx, nobody, "+86 13800138000", " "+code[:3]+" "+code[3:], on("c", strings.Repeat("长", 100)+"\x00"))
		if err != nil {
			t.Fatal(err)
		}
		if r.Level != 1 || r.Phone.Reveal() != "+8613800138000" || len(token) < 43 {
			t.Errorf("signed in as %+v with a token of %d", r, len(token))
		}
		s, who, err := w.desk.Who(ctx, token)
		if err != nil || who.ID != r.ID || s.Resident != r.ID || len([]rune(s.Device)) != 40 || !s.StepUp.IsZero() {
			t.Errorf("the token is %+v of %+v, %v", s, who, err)
		}
		if _, _, err := w.desk.SignIn(ctx, nobody, "13800138000", code, on("c", "")); fault.Of(err) == nil || fault.Of(err).Code != "code.wrong" {
			t.Errorf("a code works twice: %v", err)
		}
		again, _ := w.signIn("13800138000")
		if again.ID != r.ID {
			t.Errorf("the same phone is another resident: %d, %d", again.ID, r.ID)
		}
		if e := w.events(); e["identity.joined"] != 1 || e["identity.signed_in"] != 2 {
			t.Errorf("events are %v", e)
		}
	})
}

func TestSignInRefusesInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.Database(t))
	_, _, err := w.desk.SignIn(context.Background(), nobody, "1380013", "12", on("c", ""))
	all := fault.Of(err).All()
	if len(all) != 2 || all[0].Field != "phone" || all[1].Field != "code" || all[1].Code != "code.shape" {
		t.Errorf("the faults are %v", all)
	}
	_, _, err = w.desk.SignIn(context.Background(), nobody, "13800138000", " ", on("c", ""))
	wantCode(t, err, "code.empty")
	wantCode(t, w.desk.SendCode(context.Background(), nobody, "123", at("c")), "phone.short")
}

// T10: after five wrong tries the right code is dead; the answer is the same.
func TestCodeDiesAfterFiveTries(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		code := w.code("13800138000")
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		answers := map[string]bool{}
		for i := range 6 {
			try := wrong
			if i == 5 {
				try = code
			}
			_, _, err := w.desk.SignIn(ctx, nobody, "13800138000", try, on("c", ""))
			wantCode(t, err, "code.wrong")
			answers[fmt.Sprintf("%v|%s", err, fault.Of(err).Public)] = true
		}
		if len(answers) != 1 {
			t.Errorf("wrong and dead codes are told apart: %v", answers)
		}
		// Ten wrong codes for one phone in an hour, from wherever, are the end.
		for i := range 5 {
			w.clock.Advance(time.Minute)
			if i == 0 {
				w.code("13800138000")
			}
			_, _, err := w.desk.SignIn(ctx, nobody, "13800138000", wrong, on(fmt.Sprintf("c%d", i), ""))
			if i < 4 {
				wantCode(t, err, "code.wrong")
			} else if !fault.Is(err, fault.KindTooMany) || fault.Of(err).RetryAfter <= 0 {
				t.Errorf("the eleventh wrong code gets %v", err)
			}
		}
	})
}

func TestCodeIsBound(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		a := w.code("13800138000")
		for w.code("13900139000") == a { // a millionth chance, but then nothing would be tested
			w.clock.Advance(time.Hour)
			a = w.code("13800138000")
		}
		_, _, err := w.desk.SignIn(ctx, nobody, "13900139000", a, on("c", ""))
		wantCode(t, err, "code.wrong")
		w.clock.Advance(5 * time.Minute)
		_, _, err = w.desk.SignIn(ctx, nobody, "13800138000", a, on("c", ""))
		wantCode(t, err, "code.wrong") // expired
		b := w.code("13800138000")
		w.clock.Advance(time.Minute)
		if c := w.code("13800138000"); b != c {
			_, _, err = w.desk.SignIn(ctx, nobody, "13800138000", b, on("c", ""))
			wantCode(t, err, "code.wrong") // replaced
		}
	})
}

// T10: a code belongs to the browser that asked for it: another can neither use it nor spend its tries.
func TestCodeBelongsToItsBrowser(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		code := w.code("13800138000")
		for i := range 6 {
			_, _, err := w.desk.SignIn(ctx, nobody, "13800138000", code, identity.Caller{Client: "c", Browser: fmt.Sprint("thief ", i)})
			wantCode(t, err, "code.wrong")
		}
		if _, _, err := w.desk.SignIn(ctx, nobody, "13800138000", code, on("c", "")); err != nil {
			t.Errorf("the code is worth nothing where it was asked for: %v", err)
		}
		// Each browser has a code of its own, and the second does not end the first.
		first := w.code("13900139000")
		w.clock.Advance(time.Minute)
		other := identity.Caller{Client: "d", Browser: "other"}
		if err := w.desk.SendCode(ctx, nobody, "13900139000", other); err != nil {
			t.Fatal(err)
		}
		second := sixDigits.FindString(strings.SplitN(w.out.texts[len(w.out.texts)-1], " ", 2)[1])
		if first != second {
			_, _, err := w.desk.SignIn(ctx, nobody, "13900139000", first, other)
			wantCode(t, err, "code.wrong")
		}
		for who, try := range map[identity.Caller]string{on("c", ""): first, other: second} {
			if _, _, err := w.desk.SignIn(ctx, nobody, "13900139000", try, who); err != nil {
				t.Errorf("%s: %v", who.Browser, err)
			}
		}
		if err := w.desk.SendCode(ctx, nobody, "13900139000", identity.Caller{Client: "e"}); err == nil {
			t.Error("a code is bound to nothing")
		}
	})
}

func TestRightCodeAtOnceOpensOneSession(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		code := w.code("13800138000")
		var wg sync.WaitGroup
		won := make(chan string, 8)
		for range 8 {
			wg.Go(func() {
				if token, _, err := w.desk.SignIn(context.Background(), nobody, "13800138000", code, on("c", "")); err == nil {
					won <- token
				}
			})
		}
		wg.Wait()
		if len(won) != 1 {
			t.Errorf("one code opened %d sessions", len(won))
		}
	})
}

// T71: strangers who guess codes and ask for texts lock nobody out of the browser they use.
func TestKnownBrowserIsNotLockedOut(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		owner := identity.Caller{Client: "home", Browser: "own", Mark: "own mark"}
		enter := func(from identity.Caller) error {
			if err := w.desk.SendCode(ctx, nobody, "13800138000", from); err != nil {
				return err
			}
			_, text, _ := strings.Cut(w.out.texts[len(w.out.texts)-1], " ")
			_, _, err := w.desk.SignIn(ctx, nobody, "13800138000", sixDigits.FindString(text), from)
			return err
		}
		if err := enter(owner); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(24 * time.Hour)
		for i := range 60 { // an hour of a stranger with many addresses, browsers and made-up marks
			s := identity.Caller{Client: fmt.Sprint(i), Browser: fmt.Sprint(i), Mark: fmt.Sprint("made up ", i)}
			if err := w.desk.SendCode(ctx, nobody, "13800138000", s); err != nil && !fault.Is(err, fault.KindTooMany) {
				t.Fatal(err)
			}
			if _, _, err := w.desk.SignIn(ctx, nobody, "13800138000", "000000", s); err == nil {
				t.Fatal("a millionth chance")
			}
			if i < 59 {
				w.clock.Advance(time.Minute)
			}
		}
		stranger := identity.Caller{Client: "elsewhere", Browser: "else", Mark: "another's mark"}
		if err := enter(stranger); !fault.Is(err, fault.KindTooMany) {
			t.Errorf("a stranger after all that: %v", err)
		}
		if err := enter(owner); err != nil {
			t.Errorf("the owner is locked out: %v", err)
		}
		// The browser is known to this phone alone, and its own budgets end too.
		sent := 0
		for range 10 {
			w.clock.Advance(time.Minute)
			if err := w.desk.SendCode(ctx, nobody, "13800138000", owner); err == nil {
				sent++
			}
		}
		if sent != 4 {
			t.Errorf("a known browser had %d more codes in the hour, want 4", sent)
		}
		for i := range 11 {
			_, _, err := w.desk.SignIn(ctx, nobody, "13900139000", "000000", owner)
			if (i < 10) != fault.Is(err, fault.KindInvalid) {
				t.Errorf("wrong code %d for another's phone: %v", i+1, err)
			}
		}
	})
}

// T10: codes to one phone are 1 a minute, 5 an hour, 10 a day.
func TestCodesPerPhone(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	sent := func() int { return len(w.out.texts) }
	for i := range 24 * 60 {
		err := w.desk.SendCode(ctx, nobody, "13800138000", identity.Caller{Client: fmt.Sprint(i), Browser: fmt.Sprint(i)}) // an attacker with many addresses and browsers
		if err != nil && !fault.Is(err, fault.KindTooMany) {
			t.Fatal(err)
		}
		if i == 0 {
			w.clock.Advance(30 * time.Second)
			wantCode(t, w.desk.SendCode(ctx, nobody, "13800138000", identity.Caller{Client: "other", Browser: "other"}), "budget.code.phone.minute")
			w.clock.Advance(-30 * time.Second)
		}
		w.clock.Advance(time.Minute)
		if i == 58 && sent() != 5 {
			t.Errorf("%d codes in the first hour", sent())
		}
	}
	if sent() != 10 {
		t.Errorf("%d codes in a day", sent())
	}
	w.clock.Advance(24 * time.Hour)
	if err := w.desk.SendCode(ctx, nobody, "13800138000", at("home")); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

// T10: 1,000 phones from one client stop at the client's cap, and cost the phones nothing.
func TestPumpingStops(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		for i := range 1000 {
			err := w.desk.SendCode(ctx, nobody, fmt.Sprintf("1380000%04d", i), at("pump"))
			if (err == nil) != (i < 20) || (err != nil && !fault.Is(err, fault.KindTooMany)) {
				t.Fatalf("phone %d: %v", i, err)
			}
		}
		if err := w.desk.SendCode(ctx, nobody, "13800000999", at("its own")); err != nil || len(w.out.texts) != 21 {
			t.Errorf("a phone paid for the pump: %v, %d texts", err, len(w.out.texts))
		}
	})
}

func TestHouseCap(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.Database(t), func(c *identity.Config) { c.Limits.CodeAll = 3 })
	for i := range 4 {
		err := w.desk.SendCode(context.Background(), nobody, fmt.Sprintf("1380000000%d", i), at(fmt.Sprint(i)))
		if i < 3 && err != nil {
			t.Fatal(err)
		}
		if i == 3 {
			wantCode(t, err, "budget.code.all.hour")
		}
	}
}

// The answer to a code says nothing about whether a phone is known (T56).
func TestSendCodeTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.Database(t))
	w.signIn("13800138000")
	w.clock.Advance(2 * time.Hour)
	known := w.desk.SendCode(context.Background(), nobody, "13800138000", at("a"))
	unknown := w.desk.SendCode(context.Background(), nobody, "13900139000", at("b"))
	if known != nil || unknown != nil {
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}

// Who has used a code may have another at once, for a second device; who has not waits a minute.
func TestUsedCodeEndsThePause(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	for i := range 3 {
		if err := w.desk.SendCode(ctx, nobody, "13800138000", at("home")); err != nil {
			t.Fatalf("code %d: %v", i+1, err)
		}
		wantCode(t, w.desk.SendCode(ctx, nobody, "13800138000", at("home")), "budget.code.browser.minute")
		last := w.out.texts[len(w.out.texts)-1]
		code := regexp.MustCompile(`验证码 (\d{6})`).FindStringSubmatch(last)[1]
		if _, _, err := w.desk.SignIn(ctx, nobody, "13800138000", code, on("home", "phone")); err != nil {
			t.Fatalf("sign in %d: %v", i+1, err)
		}
	}
}
