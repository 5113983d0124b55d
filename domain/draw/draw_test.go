package draw_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/domain/draw"
	"zhijian/domain/draw/record"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
	"zhijian/testkit/pump"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// grounds: department 7 draws for plates, 8 for schools.
type grounds struct{}

func (grounds) Draws(_ context.Context, department int64) (draw.Ground, error) {
	g := draw.Ground{City: "110000", Name: "北京交管（演示）"}
	switch department {
	case 7:
		g.Series = []draw.Series{{Code: "plates", Name: "小客车指标"}}
	case 8:
		g.Series = []draw.Series{{Code: "schools", Name: "入学"}}
	}
	return g, nil
}

var (
	ann  = actor.Actor{Kind: actor.Staff, ID: 1, Department: 7}
	bob  = actor.Actor{Kind: actor.Staff, ID: 2, Department: 7}
	eve  = actor.Actor{Kind: actor.Staff, ID: 3, Department: 8}
	boss = actor.Actor{Kind: actor.Operator, ID: 9}
)

// hall is a desk with its bus and its clock.
type hall struct {
	*draw.Desk
	t     testing.TB
	db    *sqldb.DB
	store store.Draws
	clock *clock.Fixed
	pump  *pump.Pump
}

func open(t testing.TB, db *sqldb.DB) hall {
	t.Helper()
	c := testkit.Clock()
	s := store.Draws{DB: db, Ring: testkit.Ring(t)}
	d, err := draw.New(draw.Config{Store: s, Entries: s, Grounds: grounds{}, Clock: c, IDs: &uid.Maker{Clock: c}})
	if err != nil {
		t.Fatal(err)
	}
	var handlers []pump.Handler
	for _, h := range d.Handlers() {
		handlers = append(handlers, pump.Handler(h))
	}
	return hall{d, t, db, s, c, pump.New(t, db, c, handlers...)}
}

func both(t *testing.T, fn func(t *testing.T, h hall)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, open(t, testkit.Database(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, open(t, testkit.Postgres(t)))
	})
}

func text(s string) record.Text { return record.Text{Zh: s, En: s + " in English"} }

// terms are those of two plates: entries from now for a day, drawn two hours later.
func terms() record.Terms {
	now := testkit.Now()
	return record.Terms{
		Title: text("第一期小客车指标摇号"), About: text("普通指标，一人一个"), Series: "plates", Period: "202605", Opens: record.Stamp(now), Closes: record.Stamp(now.Add(24 * time.Hour)),
		Moment: record.Stamp(now.Add(26 * time.Hour)), Source: text("双色球当晚的开奖号码"), Example: "03 07 11 19 22 30 05", Choices: 1,
		Places: []record.Place{{Code: "plate", Name: text("普通指标"), Count: 2}},
	}
}

const (
	seed  = "04 09 12 18 25 31 11"
	other = "04 09 12 18 25 31 12"
)

func (h hall) announce(t testing.TB) draw.Draw {
	t.Helper()
	one, err := h.Announce(t.Context(), ann, terms())
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func person(n int) seal.Text { return seal.Plain(fmt.Sprintf("11010519900101%03dX", n)) }

func (h hall) enter(no string, n int) (draw.Entry, error) {
	return h.Enter(h.t.Context(), draw.Entering{No: no, Key: fmt.Sprintf("CASE%d/filing", n), Person: person(n), Phone: seal.Plain(fmt.Sprintf("+86138%08d", n))})
}

func wants(t testing.TB, err error, code string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || !slices.ContainsFunc(f.All(), func(one *fault.Error) bool { return one.Code == code }) {
		t.Errorf("got %v, want %s", err, code)
	}
}

// TestLife walks a draw from its announcement to what anybody can draw again. Every event comes twice.
func TestLife(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h hall) {
		ctx := t.Context()
		h.pump.Twice = true
		one := h.announce(t)
		if one.Phase(h.clock.Now()) != draw.Open || one.Terms.City != "110000" || one.Terms.By != "北京交管（演示）" {
			t.Errorf("announced as %s %+v", one.Phase(h.clock.Now()), one.Terms)
		}
		var entries []draw.Entry
		for n := 1; n <= 5; n++ {
			e, err := h.enter(one.No, n)
			if err != nil || e.Number != n {
				t.Fatalf("entry %d: %+v, %v", n, e, err)
			}
			entries = append(entries, e)
		}
		again, err := h.enter(one.No, 3)
		if err != nil || again.Number != 3 || again.Nonce.Reveal() != entries[2].Nonce.Reveal() {
			t.Errorf("the same act again made entry %d, %v", again.Number, err)
		}
		_, err = h.Enter(ctx, draw.Entering{No: one.No, Key: "OTHER/filing", Person: person(3)})
		wants(t, err, "draw.twice")
		if was, err := h.Void(ctx, "CASE4/filing"); !was || err != nil {
			t.Errorf("gave back: %v, %v", was, err)
		}
		if _, err := h.Enter(ctx, draw.Entering{No: one.No, Key: "NEW/filing", Person: person(4)}); err != nil {
			t.Errorf("who gave their entry back enters no more: %v", err)
		}
		if was, err := h.Void(ctx, "NEVER/filing"); was || err != nil {
			t.Errorf("called off what never was: %v, %v", was, err)
		}
		_, err = h.Enter(ctx, draw.Entering{No: one.No, Key: "NEVER/filing", Person: person(7)})
		wants(t, err, "draw.void")
		if _, voided, err := h.Made(ctx, "NEVER/filing"); !voided || err != nil {
			t.Errorf("called off: %v, %v", voided, err)
		}
		_, err = h.Seed(ctx, ann, one.No, seed)
		wants(t, err, "draw.state")

		h.pump.Elapse(24 * time.Hour)
		listed, err := h.Draw(ctx, one.No)
		if err != nil || listed.State != draw.Listed || listed.Course.Entries != 5 || listed.Course.Withdrawn != 1 || !listed.House.IsZero() {
			t.Fatalf("listed: %+v, %v", listed, err)
		}
		_, err = h.enter(one.No, 8)
		wants(t, err, "draw.shut")
		_, err = h.Void(ctx, "CASE1/filing")
		wants(t, err, "draw.shut")
		_, file, err := h.Record(ctx, one.No)
		before, wrong := record.Verify(file)
		if err != nil || wrong != nil || before.Seed != nil || before.List.Hash != listed.Course.ListHash {
			t.Errorf("the list: %v, %v", err, wrong)
		}

		_, err = h.Seed(ctx, ann, one.No, seed)
		wants(t, err, "draw.wait")
		h.pump.Elapse(2 * time.Hour)
		if p := listed.Phase(h.clock.Now()); p != draw.Overdue {
			t.Errorf("the moment has passed without a seed: %s", p)
		}
		for who, code := range map[actor.Actor]string{eve: "draw", {}: "draw.staff", {Kind: actor.Resident, ID: 1}: "draw.staff"} {
			_, err = h.Seed(ctx, who, one.No, seed)
			wants(t, err, code)
		}
		_, err = h.Seed(ctx, ann, one.No, "4,9,12")
		wants(t, err, "draw.seed")
		h.seed(t, ann, one.No, seed, draw.Listed)
		_, err = h.Seed(ctx, ann, one.No, seed)
		wants(t, err, "draw.same")
		_, err = h.Seed(ctx, bob, one.No, other)
		wants(t, err, "draw.differs")
		h.seed(t, bob, one.No, seed, draw.Listed)
		if seen, err := h.Run(ctx, ann, one.No); err != nil || seen.Course.First == nil || seen.Course.First.Seed != "" {
			t.Errorf("the second person sees %+v, %v", seen.Course.First, err)
		}
		h.seed(t, boss, one.No, "  "+seed+" ", draw.Seeded)
		h.pump.Drain()

		done, err := h.Draw(ctx, one.No)
		if err != nil || done.State != draw.Drawn || done.Course.Winners != 2 || !slices.Equal(done.Course.Members, []int64{2, 9}) {
			t.Fatalf("drawn: %+v, %v", done, err)
		}
		_, err = h.Cancel(ctx, ann, one.No, "有人不满意")
		wants(t, err, "draw.final")
		_, err = h.Seed(ctx, bob, one.No, other)
		wants(t, err, "draw.final")
		_, file, err = h.Record(ctx, one.No)
		r, wrong := record.Verify(file)
		if err != nil || wrong != nil {
			t.Fatalf("the record: %v, %v", err, wrong)
		}
		if r.TermsHash != before.TermsHash || r.List.Hash != before.List.Hash || r.List.House != before.List.House || r.Results.Hash != done.Course.ResultsHash || !slices.Equal(r.List.Withdrawn, []int{4}) {
			t.Error("the record is not the one of before, or not what the draw says")
		}
		h.agree(t, done, r, entries)
	})
}

func (h hall) seed(t testing.TB, a actor.Actor, no, seed string, want draw.State) {
	t.Helper()
	one, err := h.Seed(t.Context(), a, no, seed)
	if err != nil || one.State != want {
		t.Fatalf("seed by %s: %s, %v", a, one.State, err)
	}
}

// agree holds what each person is told against the record.
func (h hall) agree(t testing.TB, done draw.Draw, r record.Record, entries []draw.Entry) {
	t.Helper()
	for n, e := range entries {
		if e.Number == 4 {
			continue
		}
		mine, ok, err := h.Of(t.Context(), done, person(n+1))
		x, turn := r.Result(e.Number)
		if err != nil || !ok || mine.Turn != turn || mine.Place != x.Place || turn == 0 {
			t.Errorf("entry %d is told turn %d %q, the record says %d %q, %v", e.Number, mine.Turn, mine.Place, turn, x.Place, err)
		}
		line, _ := r.Entry(e.Number)
		if line.Blind != record.Blind(done.No, e.Number, person(n+1).Reveal(), mine.Nonce.Reveal()) {
			t.Errorf("entry %d does not open to its person", e.Number)
		}
		found, owned, err := h.ByCode(t.Context(), "plates", done.Code(e.Number), seal.Plain(fmt.Sprintf("+86138%08d", n+1)))
		if err != nil || !owned || found.Entry.Number != e.Number {
			t.Errorf("by code: %+v, %v, %v", found.Entry, owned, err)
		}
		if _, owned, err := h.ByCode(t.Context(), "plates", done.Code(e.Number), seal.Plain("+8613900000000")); owned || err != nil {
			t.Errorf("by code and another phone: %v, %v", owned, err)
		}
	}
}

// TestCancelled: a draw is called off before it is drawn and never after, and says why in its record.
func TestCancelled(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h hall) {
		ctx := t.Context()
		one := h.announce(t)
		_, err := h.Cancel(ctx, eve, one.No, "不是我的部门")
		wants(t, err, "draw")
		_, err = h.Cancel(ctx, ann, one.No, " ")
		wants(t, err, "draw.reason")
		for range 2 {
			if off, err := h.Cancel(ctx, bob, one.No, "指标总数要重新公布"); err != nil || off.Phase(h.clock.Now()) != draw.Off {
				t.Errorf("called off: %s, %v", off.State, err)
			}
		}
		_, err = h.enter(one.No, 1)
		wants(t, err, "draw.shut")
		h.pump.Elapse(30 * time.Hour)
		_, file, err := h.Record(ctx, one.No)
		r, wrong := record.Verify(file)
		if err != nil || wrong != nil || r.Cancelled != "指标总数要重新公布" || r.List != nil {
			t.Errorf("its record: %+v, %v, %v", r, err, wrong)
		}
	})
}

// TestTerms: what is wrong with an announcement is told on its field.
func TestTerms(t *testing.T) {
	t.Parallel()
	h := open(t, testkit.Database(t))
	ctx := t.Context()
	for code, change := range map[string]func(*record.Terms){
		"draw.title":       func(x *record.Terms) { x.Title.En = "" },
		"draw.about":       func(x *record.Terms) { x.About.Zh = strings.Repeat("长", 301) },
		"draw.period_form": func(x *record.Terms) { x.Period = "2026-5" },
		"draw.opens":       func(x *record.Terms) { x.Opens = "" },
		"draw.closes":      func(x *record.Terms) { x.Closes = x.Opens },
		"draw.moment":      func(x *record.Terms) { x.Moment = x.Closes },
		"draw.source":      func(x *record.Terms) { x.Source.Zh = "" },
		"draw.example":     func(x *record.Terms) { x.Example = "０３ ０７" },
		"draw.places":      func(x *record.Terms) { x.Places = nil },
		"draw.place":       func(x *record.Terms) { x.Places = append(x.Places, x.Places[0]) },
		"draw.choices":     func(x *record.Terms) { x.Choices = 2 },
		"draw.series":      func(x *record.Terms) { x.Series = "schools" },
	} {
		x := terms()
		x.Places = slices.Clone(x.Places)
		change(&x)
		_, err := h.Announce(ctx, ann, x)
		wants(t, err, code)
	}
	h.announce(t)
	_, err := h.Announce(ctx, ann, terms())
	wants(t, err, "draw.period")
	_, err = h.Announce(ctx, boss, terms())
	wants(t, err, "draw.staff")
	if list, err := h.List(ctx, eve); err != nil || len(list) != 0 {
		t.Errorf("another department sees %v, %v", list, err)
	}
}

// TestAtOnce: forty people enter at once, each in two tabs; nobody has two entries and no number is given twice or left out.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h hall) {
		one := h.announce(t)
		var all sync.WaitGroup
		var mu sync.Mutex
		var numbers []int
		for n := range 80 {
			all.Go(func() {
				e, err := h.Enter(t.Context(), draw.Entering{No: one.No, Key: fmt.Sprintf("TAB%d", n), Person: person(n % 40)})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					numbers = append(numbers, e.Number)
				} else if f := fault.Of(err); f == nil || f.Code != "draw.twice" {
					t.Error(err)
				}
			})
		}
		all.Wait()
		slices.Sort(numbers)
		if len(numbers) != 40 || numbers[0] != 1 || numbers[39] != 40 || len(slices.Compact(numbers)) != 40 {
			t.Errorf("numbers %v", numbers)
		}
	})
}

// TestNobodyIsNamed: neither the database nor the record holds a citizen number, a phone or the house's seed in the clear (security.md 7).
func TestNobodyIsNamed(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h hall) {
		ctx := t.Context()
		one := h.announce(t)
		e, err := h.enter(one.No, 1)
		if err != nil {
			t.Fatal(err)
		}
		h.pump.Elapse(25 * time.Hour)
		_, file, err := h.Record(ctx, one.No)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := h.store.Draw(ctx, one.No)
		if err != nil || len(kept.House.Reveal()) != 64 {
			t.Fatalf("no seed of the house: %v", err)
		}
		held := string(file)
		for _, query := range []string{`select course from draw`, `select terms from draw`, `select blind from draw_entry`, `select choices from draw_entry`, `select data from event`} {
			rows, err := h.db.Query(ctx, query)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				var s string
				err = errors.Join(err, rows.Scan(&s))
				held += s
			}
			if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
				t.Fatal(err)
			}
		}
		for _, secret := range []string{person(1).Reveal(), "13800000001", e.Nonce.Reveal(), kept.House.Reveal()} {
			if strings.Contains(held, secret) {
				t.Errorf("%q is held in the clear", secret)
			}
		}
	})
}

// TestToldAgain: what comes again after a crash, however late, changes nothing.
func TestToldAgain(t *testing.T) {
	t.Parallel()
	h := open(t, testkit.Database(t))
	ctx := t.Context()
	one := h.announce(t)
	for n := 1; n <= 3; n++ {
		if _, err := h.enter(one.No, n); err != nil {
			t.Fatal(err)
		}
	}
	h.pump.Elapse(27 * time.Hour)
	h.seed(t, ann, one.No, seed, draw.Listed)
	h.seed(t, bob, one.No, seed, draw.Seeded)
	_, early, err := h.Record(ctx, one.No)
	if err != nil {
		t.Fatal(err)
	}
	h.pump.Replay()
	h.pump.Drain()
	_, late, err := h.Record(ctx, one.No)
	if err != nil || string(early) != string(late) {
		t.Errorf("the record changed while it was written down: %v", err)
	}
}

func BenchmarkEnter(b *testing.B) {
	h := open(b, testkit.Database(b))
	one, err := h.Announce(b.Context(), ann, terms())
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		if _, err := h.enter(one.No, n); err != nil {
			b.Fatal(err)
		}
	}
}
