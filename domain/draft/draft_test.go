package draft_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/draft"
	"zhijian/domain/service"
	"zhijian/domain/service/outline"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// grounds are two departments of one city: 7 has a system and an account, 8 another.
type grounds struct{}

func (grounds) Ground(_ context.Context, department int64) (draft.Ground, error) {
	switch department {
	case 7:
		return draft.Ground{
			City: "330100", Department: "交警", Sector: "f01", Accounts: []draft.Account{{Alias: "hzjj", Name: "杭州交警"}},
			Offices: map[string]service.Office{"traffic": {System: "traffic", Payee: "财政局", Fixed: map[string]any{"region": "330100"}}},
		}, nil
	case 8:
		return draft.Ground{
			City: "330100", Department: "供电", Sector: "f10", Accounts: []draft.Account{{Alias: "hzdl", Name: "杭州供电"}},
			Offices: map[string]service.Office{"electricity": {System: "electricity"}},
		}, nil
	}
	return draft.Ground{}, fault.Conflict("draft.ground", "本部门还没有公众号，先请平台开通")
}

type groups struct{}

func (groups) Group(id string) (service.Group, bool) {
	return service.Group{ID: id}, id == "traffic-police"
}

func (groups) Carries(id string) bool { return id == "own-file" }

// bench is a desk and who stands at it.
type bench struct {
	*draft.Desk
	clock               *clock.Fixed
	ann, bob, eve, boss actor.Actor
}

func open(t testing.TB, db *sqldb.DB) bench {
	t.Helper()
	c := testkit.Clock()
	d, err := draft.New(draft.Config{Store: store.Drafts{DB: db}, Grounds: grounds{}, Catalogue: groups{}, Clock: c, IDs: &uid.Maker{Clock: c}})
	if err != nil {
		t.Fatal(err)
	}
	staff := func(id, department int64) actor.Actor {
		return actor.Actor{Kind: actor.Staff, ID: id, Department: department}
	}
	return bench{d, c, staff(1, 7), staff(2, 7), staff(3, 8), actor.Actor{Kind: actor.Operator, ID: 9}}
}

func (b bench) begin(t testing.TB, pattern, word string) draft.Draft {
	t.Helper()
	one, err := b.Begin(t.Context(), b.ann, draft.Beginning{Pattern: pattern, Name: service.Text{Zh: "出入证", En: "Pass"}, Group: "traffic-police", Word: word})
	if err != nil {
		t.Fatal(pattern, err)
	}
	return one
}

// based states a legal basis where the pattern leaves that to the department.
func based(t testing.TB, text string) string {
	t.Helper()
	o, err := outline.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	h := o.Head()
	h.Basis, h.NoBasis = []service.Basis{{Law: "物业管理条例", Article: "第一条"}}, false
	if err := o.SetHead(h); err != nil {
		t.Fatal(err)
	}
	return string(o.Bytes())
}

// published brings a draft all the way.
func (b bench) published(t testing.TB, name, text string) draft.Draft {
	t.Helper()
	ctx := t.Context()
	one, err := b.Draft(ctx, b.ann, name)
	if err == nil {
		one, err = b.Edit(ctx, b.ann, name, one.Rev, text)
	}
	if err == nil {
		one, err = b.Submit(ctx, b.ann, name, one.Rev, "写好了")
	}
	if err == nil {
		one, err = b.Approve(ctx, b.bob, name, one.Rev, "看过了")
	}
	if err == nil {
		one, err = b.Publish(ctx, b.ann, name, one.Rev)
	}
	if err != nil {
		t.Fatal(err)
	}
	return one
}

// TestPatterns: every pattern loads as it is, passes its own tests where nobody is asked, and is ready once a legal basis is stated.
func TestPatterns(t *testing.T) {
	t.Parallel()
	b := open(t, testkit.Database(t))
	g, err := b.Ground(t.Context(), b.ann)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range draft.Patterns() {
		one := b.begin(t, p, "")
		def, f := draft.Check(one, based(t, one.Text), g)
		if def == nil || !f.Ready() {
			t.Errorf("%s: %+v", p, f)
			continue
		}
		if def.ID != one.Service || def.Name.Zh != "出入证" || def.Sector != "f01" || !strings.HasPrefix(def.ID, service.OwnPrefix) {
			t.Errorf("%s begins as %s %s %s", p, def.ID, def.Name.Zh, def.Sector)
		}
		if n := strings.Count(one.Text, "{zh:") - strings.Count(one.Text, "en:"); n != 0 {
			t.Errorf("%s: %d wordings have no English", p, n)
		}
		if slices.ContainsFunc(f.Checkup.Advice, func(a outline.Advice) bool { return strings.Contains(a.Say.En, "English") }) {
			t.Errorf("%s: %+v", p, f.Checkup.Advice)
		}
		for _, r := range (service.Stage{Offer: service.Offer{City: "330100", Definition: def, Offices: g.Offices}, Now: testkit.Now(), Office: nobody}).Run() {
			if len(r.Bad) > 0 {
				t.Errorf("%s, %s: %v", p, r.Name, r.Bad)
			}
		}
		if draft.Asks(p) != (len(def.Offices) > 0) {
			t.Errorf("%s: it asks %v", p, def.Offices)
		}
	}
}

func nobody(time.Time, string, string, string, map[string]any) (map[string]any, error) {
	return nil, errors.New("nobody is asked")
}

// TestLife walks a service from its first line over two versions to its end, on both databases.
func TestLife(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := open(t, db), t.Context()
		one := b.begin(t, "application", "pass")
		if one.Service != "own-pass" || one.State != draft.Writing || one.City != "330100" || one.Account != "hzjj" {
			t.Fatalf("%+v", one)
		}
		if _, err := b.Submit(ctx, b.ann, "own-pass", one.Rev, "写好了"); fault.Of(err).Code != "draft.must" {
			t.Errorf("submitted without a legal basis: %v", err)
		}
		shelf := b.Shelf()
		if got, wrong, err := shelf.Locals(ctx); err != nil || len(got)+len(wrong) != 0 {
			t.Errorf("nothing is published: %v %v %v", got, wrong, err)
		}
		first := based(t, one.Text)
		one = b.published(t, "own-pass", first)
		if one.State != draft.Published || one.Live != 1 || one.Turn != 1 || len(one.Editions) != 1 || one.Editions[0].Approver != 2 || one.Editions[0].Text != first {
			t.Fatalf("%+v", one)
		}
		second := strings.Replace(first, "通过了", "批准了", 1)
		one = b.published(t, "own-pass", second)
		if one.Live != 2 || one.Editions[1].Text != strings.Replace(second, "version: 1", "version: 2", 1) {
			t.Fatalf("the second version: %s", cmp.Diff(second, one.Editions[1].Text))
		}
		one, err := b.Edit(ctx, b.ann, "own-pass", one.Rev, one.Text+"# 正在写\n")
		if err != nil || one.State != draft.Writing || one.Live != 2 {
			t.Fatal(one.State, one.Live, err)
		}
		if _, err := b.RollBack(ctx, b.bob, "own-pass", 1, "新版有错"); fault.Of(err) == nil || fault.Of(err).Code != "draft.back_none" {
			t.Errorf("one person rolls back: %v", err)
		}
		for range 2 {
			if one, err = b.AskBack(ctx, b.ann, "own-pass", 1, "新版有错"); err != nil || one.Live != 2 || one.Back != (draft.Back{Version: 1, By: 1, Reason: "新版有错"}) {
				t.Fatal(one.Live, one.Back, err)
			}
		}
		if one.Waits(b.ann.ID) || !one.Waits(b.bob.ID) {
			t.Error("the wish to go back waits for whoever did not utter it")
		}
		if _, err := b.RollBack(ctx, b.ann, "own-pass", 1, "我自己来"); fault.Of(err) == nil || fault.Of(err).Code != "draft.back_own" {
			t.Errorf("whoever asked rolls back: %v", err)
		}
		if _, err := b.AskBack(ctx, b.ann, "own-pass", 2, "新版有错"); fault.Of(err) == nil || fault.Of(err).Code != "draft.live" {
			t.Errorf("back to what is offered: %v", err)
		}
		one, err = b.RollBack(ctx, b.bob, "own-pass", 1, "看过了")
		if e := one.Editions[len(one.Editions)-1]; err != nil || e.By != 1 || e.Approver != 2 || one.Back.Version != 0 {
			t.Fatal(e.By, e.Approver, one.Back, err)
		}
		if err != nil || one.Live != 3 || one.Editions[2].Back != 1 || one.Editions[2].Text != strings.Replace(first, "version: 1", "version: 3", 1) {
			t.Fatal(one.Live, err)
		}
		if !strings.HasSuffix(one.Text, "# 正在写\n") || one.State != draft.Writing {
			t.Error("rolling back lost what was being written")
		}
		locals, wrong, err := shelf.Locals(ctx)
		if err != nil || len(locals) != 3 || len(wrong) != 0 || locals[0].Live || locals[1].Live || !locals[2].Live || locals[2].Department != "交警" {
			t.Errorf("%+v %v %v", locals, wrong, err)
		}
		if n, err := b.Turns(ctx); n != 3 || err != nil {
			t.Error(n, err)
		}
		if one, err = b.Withdraw(ctx, b.bob, "own-pass", "不办了"); err != nil || one.Live != 0 {
			t.Fatal(err)
		}
		if locals, _, err = shelf.Locals(ctx); err != nil || len(locals) != 3 || slices.ContainsFunc(locals, func(l service.Local) bool { return l.Live }) {
			t.Error("withdrawn, and cases that began have lost their version, or it is still offered", err)
		}
		if _, err := b.Withdraw(ctx, b.bob, "own-pass", "不办了"); !fault.Is(err, fault.KindConflict) {
			t.Error(err)
		}
		kept, err := b.Draft(ctx, b.ann, "own-pass")
		if diff := cmp.Diff(one, kept); err != nil || diff != "" {
			t.Error(err, diff)
		}
		var names []string
		rows, err := db.Query(ctx, `select name from event where key = $1 order by shard, position`, draft.Key(one.ID))
		for err == nil && rows.Next() {
			var name string
			err = rows.Scan(&name)
			names = append(names, name)
		}
		if err = errors.Join(err, rows.Close()); err != nil {
			t.Fatal(err)
		}
		want := strings.Fields("draft.created draft.written draft.submitted draft.approved draft.published draft.written draft.submitted draft.approved draft.published draft.written draft.back_asked draft.published draft.withdrawn")
		if diff := cmp.Diff(want, names); diff != "" {
			t.Error(diff)
		}
	})
}

// TestFourEyes: nobody approves what they wrote, and an approval is of one text.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := open(t, db), t.Context()
		one := b.begin(t, "report", "report")
		must := func(d draft.Draft, err error) draft.Draft {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		denied := func(what string, kind fault.Kind) func(draft.Draft, error) {
			return func(_ draft.Draft, err error) {
				t.Helper()
				if !fault.Is(err, kind) {
					t.Errorf("%s: %v", what, err)
				}
			}
		}
		denied("publishes what nobody approved", fault.KindConflict)(b.Publish(ctx, b.ann, one.Service, one.Rev))
		denied("approves what was not submitted", fault.KindConflict)(b.Approve(ctx, b.bob, one.Service, one.Rev, "看过了"))
		denied("submits without a reason", fault.KindInvalid)(b.Submit(ctx, b.ann, one.Service, one.Rev, " "))
		one = must(b.Submit(ctx, b.ann, one.Service, one.Rev, "写好了"))
		denied("approves their own text", fault.KindDenied)(b.Approve(ctx, b.ann, one.Service, one.Rev, "看过了"))
		denied("approves another department's", fault.KindNotFound)(b.Approve(ctx, b.eve, one.Service, one.Rev, "看过了"))
		one = must(b.Return(ctx, b.bob, one.Service, one.Rev, "少一个问题"))
		// Bob writes a line too: now neither may approve, whoever submits; the operator may.
		one = must(b.Edit(ctx, b.bob, one.Service, one.Rev, one.Text+"# bob\n"))
		one = must(b.Submit(ctx, b.bob, one.Service, one.Rev, "写好了"))
		denied("who wrote most of it approves", fault.KindDenied)(b.Approve(ctx, b.ann, one.Service, one.Rev, "看过了"))
		denied("who submitted it approves", fault.KindDenied)(b.Approve(ctx, b.bob, one.Service, one.Rev, "看过了"))
		one = must(b.Approve(ctx, b.boss, one.Service, one.Rev, "看过了"))
		// A change after the approval takes it away.
		one = must(b.Edit(ctx, b.ann, one.Service, one.Rev, one.Text+"# one more\n"))
		denied("publishes a text that was changed after it was approved", fault.KindConflict)(b.Publish(ctx, b.ann, one.Service, one.Rev))
		denied("writes over somebody's change", fault.KindConflict)(b.Edit(ctx, b.bob, one.Service, one.Rev-1, "id: own-report\n"))
	})
}

// TestStrangers: another department's drafts do not exist, and residents have none.
func TestStrangers(t *testing.T) {
	t.Parallel()
	b, ctx := open(t, testkit.Database(t)), t.Context()
	one := b.begin(t, "information", "guide")
	if _, err := b.Draft(ctx, b.eve, one.Service); !fault.Is(err, fault.KindNotFound) {
		t.Error(err)
	}
	if list, err := b.List(ctx, b.eve); len(list) != 0 || err != nil {
		t.Error(list, err)
	}
	if list, err := b.List(ctx, b.boss); len(list) != 1 || err != nil {
		t.Error(list, err)
	}
	for _, a := range []actor.Actor{{}, {Kind: actor.Resident, ID: 1, Level: 4}, {Kind: actor.Staff, ID: 4}} {
		if _, err := b.Draft(ctx, a, one.Service); !fault.Is(err, fault.KindDenied) {
			t.Errorf("%s: %v", a, err)
		}
		if _, err := b.Begin(ctx, a, draft.Beginning{Pattern: "report"}); !fault.Is(err, fault.KindDenied) {
			t.Errorf("%s: %v", a, err)
		}
	}
	if _, err := b.Edit(ctx, b.eve, one.Service, one.Rev, "id: own-guide\n"); !fault.Is(err, fault.KindNotFound) {
		t.Error(err)
	}
	if _, err := b.Begin(ctx, actor.Actor{Kind: actor.Staff, ID: 5, Department: 6}, draft.Beginning{Pattern: "report"}); fault.Of(err).Code != "draft.ground" {
		t.Error(err)
	}
	if _, err := b.Begin(ctx, b.eve, draft.Beginning{Text: strings.Replace(one.Text, "id: own-guide", "id: own-guide", 1), Account: "hzdl"}); fault.Of(err).Code != "draft.taken" {
		t.Errorf("an id is taken twice: %v", err)
	}
	if _, err := b.Begin(ctx, b.eve, draft.Beginning{Text: strings.Replace(one.Text, "id: own-guide", "id: own-file", 1), Account: "hzdl"}); fault.Of(err).Code != "draft.taken" {
		t.Errorf("the id of a file of the house is taken: %v", err)
	}
	_, err := b.Begin(ctx, b.ann, draft.Beginning{Pattern: "x", Word: "X!", Group: "none"})
	if f := fault.Of(err); f == nil || len(f.All()) != 4 {
		t.Errorf("faults: %v", err)
	}
	for _, text := range []string{"id: traffic-fine-payment\n", "id: own-\n", "id: own-x/y\n", "- a\n"} {
		if _, err := b.Begin(ctx, b.ann, draft.Beginning{Text: text}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q is imported: %v", text, err)
		}
	}
}

// TestBounds: a service of one's own asks nobody else's office, pays nobody else, and tells no office another region.
func TestBounds(t *testing.T) {
	t.Parallel()
	b := open(t, testkit.Database(t))
	one := b.begin(t, "query", "progress")
	g, err := b.Ground(t.Context(), b.ann)
	if err != nil {
		t.Fatal(err)
	}
	text := based(t, one.Text)
	pay := "  - pay: fee\n    amount: \"100\"\n    payee: %s\n    about: {zh: 工本费, en: Fee}\n  - result: found"
	for name, c := range map[string]struct{ was, is, path string }{
		"as it is":          {"", "", ""},
		"another office":    {"office: traffic", "office: electricity", "office"},
		"another region":    {"owner: me.citizen_number}", `owner: me.citizen_number, region: "'310100'"}`, "with"},
		"another payee":     {"  - result: found", strings.Replace(pay, "%s", `"'某公司'"`, 1), "pay"},
		"its own payee":     {"  - result: found", strings.Replace(pay, "%s", "office.traffic.payee", 1), ""},
		"another service":   {"id: own-progress", "id: traffic-fine-payment", "id"},
		"another's service": {"id: own-progress", "id: own-other", "id"},
	} {
		def, f := draft.Check(one, strings.Replace(text, c.was, c.is, 1), g)
		if def == nil {
			t.Errorf("%s: %+v", name, f.Problems)
			continue
		}
		if c.path == "" && len(f.Problems) > 0 || c.path != "" && !slices.ContainsFunc(f.Problems, func(p draft.Problem) bool { return p.Path == c.path }) {
			t.Errorf("%s: %+v", name, f.Problems)
		}
	}
}

// TestRoundTrip: every definition of the house's catalogue that takes an own id is exported as it was imported, to the byte.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		b := open(t, db)
		for _, name := range []string{"traffic-fine-payment", "hall-appointment", "city-problem-report", "bus-realtime-arrival"} {
			src, err := os.ReadFile("../../catalog/services/" + name + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Replace(string(src), "id: "+name, "id: own-"+name, 1)
			one, err := b.Begin(t.Context(), b.ann, draft.Beginning{Text: text})
			if err != nil {
				t.Fatal(name, err)
			}
			got, err := b.Draft(t.Context(), b.ann, one.Service)
			if diff := cmp.Diff(text, got.Text); err != nil || diff != "" {
				t.Error(name, err, diff)
			}
		}
	})
}

func TestTrialLink(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := open(t, db), t.Context()
		one := b.begin(t, "information", "guide")
		if _, err := b.OnTrial(ctx, ""); !fault.Is(err, fault.KindNotFound) {
			t.Error(err)
		}
		tried, err := b.Try(ctx, b.ann, one.Service)
		if err != nil || tried.Rev != one.Rev {
			t.Fatal("a link makes what colleagues see old", err)
		}
		got, err := b.OnTrial(ctx, tried.Trial)
		if err != nil || got.Service != one.Service {
			t.Fatal(err)
		}
		again, err := b.Try(ctx, b.bob, one.Service)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.OnTrial(ctx, tried.Trial); !fault.Is(err, fault.KindNotFound) {
			t.Error("the link of before still works", err)
		}
		b.clock.Advance(24 * time.Hour)
		if _, err := b.OnTrial(ctx, again.Trial); !fault.Is(err, fault.KindNotFound) {
			t.Error("the link works after its day", err)
		}
	})
}

// TestMovesAreClosed: every state is in the table, and leads only to states.
func TestMovesAreClosed(t *testing.T) {
	t.Parallel()
	for _, from := range draft.States() {
		if !from.CanMove(from) {
			t.Errorf("%s may not stay", from)
		}
	}
	if draft.Writing.CanMove(draft.Approved) || draft.Withdrawn.CanMove(draft.Approved) || draft.Published.CanMove(draft.Approved) {
		t.Error("a text is approved that was not submitted")
	}
}
