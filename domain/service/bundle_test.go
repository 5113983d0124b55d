package service_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/service"
)

var whole = sync.OnceValues(func() (*service.Catalogue, []service.Problem) { return service.LoadCatalogue(catalog.FS) })

func catalogued(tb testing.TB) *service.Catalogue {
	tb.Helper()
	c, problems := whole()
	if len(problems) > 0 {
		tb.Fatal(problems[0])
	}
	return c
}

const moving = `id: moving
version: 1
name: {zh: 搬家一件事, en: Moving}
about: {zh: 水电一起办。, en: Water and power together.}
icon: house
who: {zh: 搬家的人, en: Who moves}
review_by: 2027-06-30
answers:
  water: {type: digits, min: 10, max: 10, label: {zh: 户号, en: Account}, ask: {zh: 户号, en: Account}, why: {zh: 查账单, en: For the bill}}
ask:
  - form: [water]
members:
  - service: water-bill-payment
    why: {zh: 水费, en: Water}
    give: {account: water}
  - service: gas-bill-payment
    why: {zh: 燃气费, en: Gas}
    after: [water-bill-payment]
`

func TestBundleProblems(t *testing.T) {
	t.Parallel()
	c := catalogued(t)
	if _, problems := c.LoadBundle("moving.yaml", []byte(moving)); len(problems) > 0 {
		t.Fatalf("the sound one: %v", problems)
	}
	for _, one := range []struct {
		name, from, to string
		line           int
		say            string
	}{
		{"unknown service", "service: gas-bill-payment", "service: gas-bil-payment", 16, `There is no service "gas-bil-payment". Did you mean "gas-bill-payment"?`},
		{"unknown field", "give: {account: water}", "give: {acount: water}", 15, `water-bill-payment asks nothing called "acount". Did you mean "account"?`},
		{"another type", "type: digits, min: 10, max: 10,", "type: text,", 15, `"water" is a text, but water-bill-payment asks "account" as a digits.`},
		{"a cycle", "give: {account: water}", "give: {account: water}\n    after: [gas-bill-payment]", 13, "These wait for each other, so none could begin: water-bill-payment → gas-bill-payment → water-bill-payment."},
		{"itself", "after: [water-bill-payment]", "after: [gas-bill-payment]", 16, "These wait for each other, so none could begin: gas-bill-payment → gas-bill-payment."},
		{"unknown member", "after: [water-bill-payment]", "after: [water]", 18, `There is no member "water".`},
		{"a question nobody needs", "    give: {account: water}\n", "", 9, `No member needs "water"; do not ask it.`},
		{"a choice of one's own page", "service: gas-bill-payment", "service: gas-bill-payment\n    give: {bills: water}", 17, `gas-bill-payment asks "bills" as a list, which only its own page can ask.`},
		{"an unknown name", "give: {account: water}", "give: {account: watr}", 15, `"watr" is not known here. Did you mean "water"?`},
		{"a condition that is none", "why: {zh: 燃气费, en: Gas}", "why: {zh: 燃气费, en: Gas}\n    if: water", 18, `"water" gives a text where yes or no is needed.`},
		{"twice", "service: gas-bill-payment", "service: water-bill-payment", 16, `"water-bill-payment" is given twice; give one of them an "id" of its own.`},
		{"a step that is no form", "- form: [water]", "- check: [water]", 11, `"form" is missing: a bundle asks with forms and nothing else.`},
		{"a file to share", "type: digits, min: 10, max: 10,", "type: file,", 9, "An answer of type file cannot be shared"},
		{"another key", "icon: house", "icon: house\ncolour: red", 6, `"colour" is not known here.`},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(moving, one.from, one.to, 1)
			if text == moving {
				t.Fatal("nothing was changed")
			}
			b, problems := c.LoadBundle("moving.yaml", []byte(text))
			if b != nil || !slices.ContainsFunc(problems, func(p service.Problem) bool { return p.Line == one.line && strings.HasPrefix(p.Say, one.say) }) {
				t.Errorf("want line %d %q, got %v", one.line, one.say, problems)
			}
		})
	}
}

func FuzzLoadBundle(f *testing.F) {
	f.Add(moving)
	files, _ := fs.Glob(catalog.FS, "bundles/*.yaml")
	for _, name := range files {
		src, _ := fs.ReadFile(catalog.FS, name)
		f.Add(string(src))
	}
	c := catalogued(f)
	f.Fuzz(func(t *testing.T, src string) {
		if b, problems := c.LoadBundle("x.yaml", []byte(src)); (b == nil) == (len(problems) == 0) {
			t.Errorf("bundle %v with %v", b != nil, problems)
		}
	})
}

// picked answers the questions of a bundle at random, as the engine keeps them.
func picked(r *rand.Rand) service.State {
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	return service.State{Answers: map[string]any{
		"stage": one("soon", "born", "none", "have"), "given_name": one("", "王小宝"), "spouse": "李雷", "spouse_number": "11010519491231002X", "day": "2026-12-01",
		"address": "某区某路 1 号", "fund": one("yes", "no"), "school": one("yes", "no"), "estate": "某小区", "contract": "HT1", "card": "6222020000000000000",
		"water": one("", "1234567890"), "power": one("", "1234567890"), "gas": one("", "1234567890"), "code": one("", "1234567890123"), "plate": "浙A12345",
		"fuel": one("", "1234567890123456789"), "going": one("hk", "mo", "foreign"), "document": one("", "C12345678"), "replace": one("yes", "no"), "transit": one("", "1234567890123456"),
	}}
}

// TestPlanAnyOrder plays every bundle with members that end at random, in random order: nothing begins before what it waits for or twice,
// every state has a name, it always comes to rest, and where it rests depends on what came of the members and not on the order.
func TestPlanAnyOrder(t *testing.T) {
	t.Parallel()
	c := catalogued(t)
	for _, city := range []string{"330100", "110000", "420100"} {
		for _, b := range c.Bundles(city) {
			for seed := range uint64(150) {
				r := rand.New(rand.NewPCG(seed, 1))
				s := picked(r)
				fate := map[string]service.Standing{}
				for _, m := range b.Members {
					fate[m.ID] = []service.Standing{service.MemberDone, service.MemberDone, service.MemberFailed, service.MemberSkipped}[r.IntN(4)]
				}
				first := rest(t, b, c, city, s, fate, r)
				second := rest(t, b, c, city, s, fate, rand.New(rand.NewPCG(seed, 2)))
				if diff := cmp.Diff(stood(first), stood(second)); diff != "" {
					t.Fatalf("%s in %s, seed %d: the order mattered: %s", b.ID, city, seed, diff)
				}
			}
		}
	}
}

func stood(p service.Plan) map[string]string {
	out := map[string]string{"": fmt.Sprint(p.Moving, p.Done)}
	for _, s := range p.Steps {
		out[s.ID] = fmt.Sprint(s.Standing, s.For)
	}
	return out
}

// rest lets members begin and end in some order until nothing moves.
func rest(t *testing.T, b *service.Bundle, c *service.Catalogue, city string, s service.State, fate map[string]service.Standing, r *rand.Rand) service.Plan {
	t.Helper()
	env := service.Env{Offer: service.Offer{City: city}}
	kept, begun := map[string]service.Standing{}, map[string]int{}
	for range 200 {
		p, err := b.Plan(s, env, c, kept)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := b.Plan(s, env, c, kept); !cmp.Equal(stood(p), stood(again)) {
			t.Fatal("the same is planned in two ways")
		}
		var can []service.Step
		for _, one := range p.Steps {
			switch one.Standing {
			case service.MemberReady, service.MemberOpening, service.MemberOpen:
				can = append(can, one)
			case service.MemberWaits, service.MemberBlocked:
				if len(one.For) == 0 {
					t.Fatalf("%s %s for nothing", one.ID, one.Standing)
				}
			case service.MemberDone, service.MemberFailed, service.MemberSkipped:
			default:
				t.Fatalf("%s is %q, which is no name", one.ID, one.Standing)
			}
		}
		if len(can) == 0 {
			if p.Moving {
				t.Fatalf("it says it moves and nothing can: %v", stood(p))
			}
			return p
		}
		one := can[r.IntN(len(can))]
		switch one.Standing {
		case service.MemberReady:
			if fate[one.ID] == service.MemberSkipped {
				kept[one.ID] = service.MemberSkipped
				continue
			}
			if begun[one.ID]++; begun[one.ID] > 1 {
				t.Fatalf("%s began twice", one.ID)
			}
			for _, e := range one.After {
				if before, ok := p.Step(e.Member); ok && (before.Standing != service.MemberDone && before.Standing != service.MemberSkipped && !e.Ended) {
					t.Fatalf("%s may begin while %s is %s", one.ID, e.Member, before.Standing)
				}
			}
			kept[one.ID] = service.MemberOpening
		case service.MemberOpening:
			kept[one.ID] = service.MemberOpen
		case service.MemberOpen:
			kept[one.ID] = fate[one.ID]
			if kept[one.ID] == service.MemberSkipped {
				kept[one.ID] = service.MemberDone
			}
		}
	}
	t.Fatal("it never comes to rest")
	return service.Plan{}
}

// TestRefusedMember: one that is refused blocks what needs it and nothing else.
func TestRefusedMember(t *testing.T) {
	t.Parallel()
	c := catalogued(t)
	b, ok := c.Bundle("birth", 0)
	if !ok {
		t.Fatal("no bundle birth")
	}
	s := service.State{Answers: map[string]any{"stage": "born", "given_name": "王小宝"}}
	p, err := b.Plan(s, service.Env{Offer: service.Offer{City: "330100"}}, c, map[string]service.Standing{"household-service-booking": service.MemberFailed})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]service.Standing{
		"medical-insurance-query": service.MemberBlocked, "vaccine-booking": service.MemberReady, "family-planning-registration": service.MemberReady,
	} {
		if got, _ := p.Step(id); got.Standing != want {
			t.Errorf("%s is %s, want %s", id, got.Standing, want)
		}
	}
	if p.Done || !p.Moving {
		t.Errorf("moving %v, done %v", p.Moving, p.Done)
	}
}

// TestBundlesAsk: every shipped bundle asks its questions to the end, and what it saves is counted from the definitions.
func TestBundlesAsk(t *testing.T) {
	t.Parallel()
	c := catalogued(t)
	all := c.Bundles("330100")
	if len(all) < 5 {
		t.Fatalf("%d bundles in 杭州, want five at least", len(all))
	}
	for _, b := range all {
		s := b.Saves("330100", c, nil)
		if s.Asked == 0 || s.AskedApart < s.Asked || len(s.Needs) > s.NeedsApart || s.Days > s.DaysApart || s.Members < 4 {
			t.Errorf("%s saves %+v", b.ID, s)
		}
		env := service.Env{Now: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), Me: service.Me{Level: 4}, Offer: service.Offer{City: "330100", Definition: b.Questions()}}
		state, effects, err := b.Questions().Start(env)
		if err != nil || len(effects) > 0 {
			t.Fatalf("%s: %v %v", b.ID, effects, err)
		}
		values := map[string][]string{
			"stage": {"born"}, "day": {"2026-12-01"}, "given_name": {"王小宝"}, "spouse": {"李雷"}, "spouse_number": {"11010519491231002X"}, "address": {"某区某路 1 号"},
			"fund": {"yes"}, "contract": {"HT2026"}, "card": {"6222 0212 3456 7890 128"}, "school": {"yes"}, "estate": {"某小区"}, "water": {"1234567890"},
			"going": {"hk"}, "document": {"C12345678"}, "replace": {"yes"}, "transit": {""}, "code": {""}, "plate": {"浙A12345"}, "fuel": {""},
		}
		if b.ID == "car" {
			values["stage"] = []string{"have"}
		}
		for n := 0; state.End == "" && n < 20; n++ {
			if state, _, err = b.Questions().Apply(state, service.Answer{Step: state.Step, Values: values}, env); err != nil {
				t.Fatalf("%s at %s: %v", b.ID, state.Step, err)
			}
		}
		if state.End != service.BundleAsked {
			t.Errorf("%s ends as %q", b.ID, state.End)
		}
		for _, m := range b.Members {
			if _, err := b.Given(m, state, env); err != nil {
				t.Errorf("%s gives %s: %v", b.ID, m.ID, err)
			}
		}
	}
}
