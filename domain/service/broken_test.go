package service_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"zhijian/domain/service"
)

// sound is a definition that the table breaks in one place each.
func sound(t testing.TB) string {
	t.Helper()
	src, err := os.ReadFile("testdata/sound.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func TestSoundDefinitionLoads(t *testing.T) {
	t.Parallel()
	if _, problems := service.Load("sound.yaml", []byte(sound(t))); len(problems) > 0 {
		t.Fatal(problems)
	}
}

// TestBrokenDefinitions breaks one thing at a time and wants the line and the sentence, and nothing else.
func TestBrokenDefinitions(t *testing.T) {
	t.Parallel()
	base := sound(t)
	for _, c := range brokenTable() {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(base, c.old) != 1 {
				t.Fatalf("%q is in sound.yaml %d times", c.old, strings.Count(base, c.old))
			}
			src := strings.Replace(base, c.old, c.new, 1)
			d, problems := service.Load("f.yaml", []byte(src))
			if d != nil || len(problems) == 0 {
				t.Fatal("it loads")
			}
			line := 1 + strings.Count(base[:strings.Index(base, c.old)], "\n") + c.below
			var all []string
			for _, p := range problems {
				all = append(all, p.String())
				if p.Line == line && strings.Contains(p.Say, c.say) && len(problems) <= 1+c.more {
					return
				}
			}
			t.Errorf("want line %d: %s\n got %s", line, c.say, strings.Join(all, "\n     "))
		})
	}
}

type broken struct {
	name, old, new, say string
	below               int // lines between the change and the problem
	more                int // problems that follow from it
}

func brokenTable() []broken {
	return []broken{
		{name: "unknown top key", old: "rate: true", new: "rates: true", say: `"rates" is not known here. Did you mean "rate"?`},
		{name: "key twice", old: "rate: true", new: "rate: true\nrate: true", say: `"rate" is given twice; the first is on line 22.`, below: 1},
		{name: "missing id", old: "id: traffic-fine-payment\n", new: "", say: `"id" is missing`},
		{name: "bad id", old: "id: traffic-fine-payment", new: "id: Traffic Fine", say: `"Traffic Fine" cannot be an id`},
		{name: "version text", old: "version: 1", new: "version: one", say: `Expected a whole number here, found the text "one".`},
		{name: "version zero", old: "version: 1", new: "version: 0", say: "0 is out of range: it must be 1 to 9999."},
		{name: "name empty", old: "name: {zh: 缴罚款, en: Pay}", new: "name:", say: "Expected a text here, found nothing."},
		{name: "name without Chinese", old: "name: {zh: 缴罚款, en: Pay}", new: "name: {en: Pay}", say: `"zh" is missing: a wording is in Chinese first.`},
		{name: "third language", old: "name: {zh: 缴罚款, en: Pay}", new: "name: {zh: 缴罚款, fr: Payer}", say: `"fr" is not known here.`},
		{name: "type of service", old: "type: payment", new: "type: paymnt", say: `"paymnt" is none of query, payment, booking, application, report, information and map. Did you mean "payment"?`},
		{name: "sector", old: "sector: f01", new: "sector: 公安", say: `"公安" is not a sector id`},
		{name: "promise", old: "done: 30s", new: "done: soon", say: `"soon" is not a length of time; write 30s, 10m, 2h or 15d.`},
		{name: "review day", old: "review_by: 2027-06-30", new: "review_by: next year", say: `"next year" is not a day; write it like 2027-06-30.`},
		{name: "rate text", old: "rate: true", new: "rate: often", say: `Expected true or false here, found the text "often".`},
		{name: "keywords", old: "keywords: [罚款]", new: "keywords: 罚款", say: "Expected a list here, found the text"},
		{name: "anchor", old: "fee: {zh: 按决定书, en: As decided}", new: "fee: &fee {zh: 按决定书, en: As decided}", say: "Anchors (&) and aliases (*) are not used"},
		{name: "tag", old: "version: 1", new: "version: !!str 1", say: "Tags like !!str are not used in definitions."},
		{name: "not YAML", old: "basis: []", new: "basis: [", say: "This is not YAML", below: 2},
		{name: "basis in a word", old: "basis: []", new: "basis: some", say: "Expected a list here, found the text \"some\"."},
		{name: "silent stranger", old: "expect: {view: form}", new: "silent: bank, expect: {view: form}", say: `"bank" is none of`},
		{name: "second document", old: "tests:", new: "---\ntests:", say: "A file holds one document; this is a second one."},
		{name: "answer type", old: "type: plate", new: "type: plat", say: `Did you mean "plate"?`, more: 9},
		{name: "answer name", old: "  remark: {type: text", new: "  Remark: {type: text", say: `"Remark" cannot be a name: use small letters`, more: 1},
		{name: "answer with a meaning", old: "  remark: {type: text", new: "  me: {type: text", say: `"me" is a word with a meaning of its own`, more: 1},
		{name: "answer never asked", old: "  - form: [plate, remark]", new: "  - form: [plate]", say: `"remark" is never asked`, below: -4},
		{name: "question missing", old: "label: {zh: 备注, en: Remark}", new: "hint: 一", say: `The answer needs "ask", the question`},
		{name: "bounds of a plate", old: "type: plate", new: "type: plate\n    max: 5", say: `"min" and "max" bound a text, digits or a number, not a plate.`},
		{name: "choice without options", old: "{type: text, optional: true, label: {zh: 备注, en: Remark}}", new: "{type: choice, label: 备注}", say: `A choice needs "options" or "from".`},
		{name: "one option", old: "{type: text, optional: true, label: {zh: 备注, en: Remark}}", new: "{type: choice, label: 备注, options: [{value: a, label: 一}]}", say: "A choice has at least two options."},
		{name: "option twice", old: "{type: text, optional: true, label: {zh: 备注, en: Remark}}", new: "{type: choice, label: 备注, options: [{value: a, label: 一}, {value: a, label: 二}]}", say: `The option "a" is given twice.`},
		{name: "no such step kind", old: "  - choose: chosen", new: "  - chose: chosen", say: `this one has none of them. Did you mean "choose"?`, more: 12},
		{name: "two kinds in a step", old: "    amount: sum(chosen.map(v, v.fine))", new: "    amount: sum(chosen.map(v, v.fine))\n    check: [plate]", say: "this one has 2 of them.", below: -1, more: 6},
		{name: "step twice", old: "  - pay: fine", new: "  - pay: violations", say: `Step "violations" is given twice; the first is on line 34.`, more: 6},
		{name: "form of a list", old: "  - form: [plate, remark]", new: "  - form: [plate, remark, chosen]", say: `"chosen" is of type list, which a choose or book step asks, not a form.`},
		{name: "form asks twice", old: "  - form: [plate, remark]", new: "  - form: [plate, remark, plate]", say: `"plate" is asked twice on one page.`},
		{name: "form asks the unknown", old: "  - form: [plate, remark]", new: "  - form: [plate, remark, plte]", say: `There is no answer "plte" under "answers". Did you mean "plate"?`},
		{name: "form without title", old: "    title: {zh: 哪辆车？, en: \"Which?\"}", new: "    lead: 一", say: `A form with several questions needs a "title".`, below: -2},
		{name: "level", old: "    level: L2", new: "    level: L5", say: `"L5" is none of L0, L1, L2, L3 and L4.`, more: 2},
		{name: "unknown name", old: "    if: size(violations.items) == 0", new: "    if: size(violation.items) == 0", say: `"violation" is not known here. Did you mean "violations"?`},
		{name: "unknown member", old: "    from: violations.items", new: "    from: violations.itmes", say: `"violations" has no member "itmes"; it has known, scope, items and as_of. Did you mean "items"?`, more: 8},
		{name: "unknown member in CEL", old: "    amount: sum(chosen.map(v, v.fine))", new: "    amount: sum(chosen.map(v, v.fin))", say: `There is no member "fin"`},
		{name: "condition is no condition", old: "    if: size(violations.items) == 0", new: "    if: size(violations.items)", say: "gives a whole number where yes or no is needed."},
		{name: "amount is a text", old: "    amount: sum(chosen.map(v, v.fine))", new: "    amount: chosen[0].act", say: "gives a text where a whole number is needed."},
		{name: "amount is a fraction", old: "    amount: sum(chosen.map(v, v.fine))", new: "    amount: sum(chosen.map(v, v.fine)) * 1.5", say: "do not go together"},
		{name: "unfinished expression", old: "    amount: sum(chosen.map(v, v.fine))", new: "    amount: sum(chosen.map(v, v.fine)", say: "is not a complete expression"},
		{name: "not yet known", old: "    if: size(violations.items) == 0", new: "    if: fine.paid", say: `"fine" is not known yet at this point: step fine comes later.`},
		{name: "own fact", old: "    with: {plate: plate, owner: me.citizen_number}", new: "    with: {plate: plate, owner: me.citizen_number, x: violations.known}", say: `"violations" is not known yet at this point`},
		{name: "not yet asked", old: "    with: {plate: plate, owner: me.citizen_number}", new: "    with: {plate: plate, owner: me.citizen_number, x: size(answers.chosen)}", say: `"answers.chosen" is not known yet at this point: the answer chosen comes later.`},
		{name: "too costly", old: "    if: size(violations.items) == 0", new: "    if: violations.items.exists(a, violations.items.exists(b, violations.items.exists(c, a.id == b.id && b.id == c.id)))", say: "a loop inside a loop over long lists is not allowed"},
		{name: "too long", old: "    if: size(violations.items) == 0", new: "    if: " + strings.Repeat("true || ", 80) + "true", say: "The expression is longer than 500 characters."},
		{name: "hidden names", old: "    if: size(violations.items) == 0", new: "    if: __lang == 'en'", say: "Names with two underscores belong to the engine."},
		{name: "brace left open", old: "say: {zh: 没有违法, en: None}", new: "say: {zh: \"有 {size(violations.items\", en: None}", say: "A { in the wording is never closed"},
		{name: "object in a wording", old: "say: {zh: 没有违法, en: None}", new: "say: {zh: \"有 {violations}\", en: None}", say: "gives an object, which a wording cannot show."},
		{name: "shape of a list", old: "items: [{id: text", new: "items: [int, {id: text", say: "A list holds one kind of thing", more: 12},
		{name: "shape kind", old: "fine: money", new: "fine: mony", say: `Did you mean "money"?`, more: 3},
		{name: "strangers see all", old: "    hide: {unless: v.scope == 'owner', fields: [items.act]}\n", new: "", say: `say with "hide: {unless: …, fields: […]}" what they must not see`, below: -5, more: 0},
		{name: "hides nothing known", old: "fields: [items.act]", new: "fields: [items.when]", say: `The answer has no member "items.when"; it has known, scope, items and as_of.`},
		{name: "hides from nobody", old: "unless: v.scope == 'owner'", new: "unless: v.scope", say: `"v.scope" gives a text where yes or no is needed.`},
		{name: "no such budget", old: "lookup.resident: plate", new: "lookup.residents: plate", say: `There is no budget "lookup.residents"; there are lookup.resident and lookup.failures.`, more: 1},
		{name: "guessing uncounted", old: "    budget: {lookup.resident: plate, lookup.failures: plate}\n", new: "", say: "A look-up by plate can be used for guessing", below: -4, more: 1},
		{name: "somebody else's data", old: "    with: {plate: plate, owner: me.citizen_number}", new: "    with: {plate: plate}", say: "with nothing to show that it is the resident's own", below: -3},
		{name: "failures cannot be counted", old: "      known: bool\n", new: "", say: `"gives" has no "known: bool", so failed guesses could not be counted.`, below: -7},
		{name: "name before proof", old: "    level: L2\n", new: "", say: `"me.citizen_number" is known only from level L2 on`, below: 1, more: 2},
		{name: "choice without key", old: "    key: v.id\n", new: "", say: `"key" is missing: it tells one item from another.`, below: -2},
		{name: "rule over nothing", old: "same: [licence]", new: "same: [license]", say: `The items have no member "license"; they have id, act, fine, decision and licence. Did you mean "licence"?`},
		{name: "rule the wrong way", old: "rule: {min: 1, same", new: "rule: {min: 2, max: 1, same", say: `"max" is smaller than "min".`},
		{name: "line with two values", old: "value: office.traffic.payee", new: "value: office.traffic.payee, text: 一", say: `A line has either "value", an expression, or "text", a wording.`},
		{name: "edit of no step", old: "edit: chosen", new: "edit: choosen", say: `There is no step "choosen". Did you mean "chosen"?`},
		{name: "link away", old: "start: violation-review-request", new: "href: https://evil.example/", say: "leads away from this site"},
		{name: "link to nowhere", old: ", start: violation-review-request", new: "", say: `A link has either "start", a service, or "href", a path of this site.`},
		{name: "personal data to the channel", old: "about: {zh: 罚款, en: Fine}", new: "about: {zh: \"罚款 {plate}\", en: Fine}", say: `"plate" is personal; what goes to the payment channel must not be.`},
		{name: "money kept after refusal", old: "refused: {refund: fine, say: {zh: 没有办成, en: Refused}}", new: "refused: {say: {zh: 没有办成, en: Refused}}", say: "say \"refund: fine\" so that the money goes back"},
		{name: "refund of another kind", old: "refused: {refund: fine, say", new: "refused: {refund: violations, say", say: `Step "violations" is a lookup step; a pay step is meant here.`, more: 1},
		{name: "filing without trace", old: "    settled: violations.settled\n", new: "", say: `"settled" is missing: after silence the office must be asked`, below: -5},
		{name: "filing without void", old: "    void: violations.void\n", new: "", say: `"void" is missing`, below: -6},
		{name: "steps after the end", old: "    if: size(violations.items) == 0\n", new: "", say: "the steps after it are never reached", below: -1},
		{name: "last result conditional", old: "  - result: done", new: "  - result: done\n    if: fine.paid", say: `The last result must have no "if"`},
		{name: "no result at the end", old: "  - result: done\n    say: {zh: 办好了, en: Done}\n    good: true\n", new: "", say: "The last step must be a result", below: -8},
		{name: "waits for ever", old: "  - result: done\n", new: "  - wait: letter\n    gives: {no: text}\n  - result: done\n", say: `"within" is missing: what never happens must come to a person at last.`},
		{name: "waits no time", old: "  - result: done\n", new: "  - {wait: letter, gives: {no: text}, within: 0s}\n  - result: done\n", say: "Nothing happens within no time."},
		{name: "waits a while", old: "  - result: done\n", new: "  - {wait: letter, gives: {no: text}, within: soon}\n  - result: done\n", say: `"soon" is not a length of time`, more: 1},
		{name: "no tests", old: "tests:\n  - {name: it begins, as: L2, expect: {view: form}}", new: "", say: `"tests" is missing`, below: -68},
		{name: "test without expectation", old: "as: L2, expect: {view: form}", new: "as: L2", say: `"expect" is missing`},
		{name: "test expects the unknown", old: "expect: {view: form}", new: "expect: {fines: 1}", say: `"fines" is none of end, view, step, office, refunded`},
		{name: "tests answer the unknown", old: "as: L2, expect", new: "as: L2, answers: {plats: x}, expect", say: `There is no answer "plats"`},
	}
}

func TestBoundsOfAFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ src, say string }{
		"empty":      {"", "The file is empty."},
		"a list":     {"- a", "The file must be a list of names and values"},
		"a number":   {"7", "The file must be a list of names and values"},
		"too large":  {strings.Repeat("# much\n", 50_000), "The file is larger than 256 KB."},
		"too deep":   {"a: " + strings.Repeat("[", 40) + strings.Repeat("]", 40), "nested deeper than 24 levels"},
		"too much":   {"a: [" + strings.Repeat("1,", 21_000) + "1]", "more than 20000 values"},
		"many steps": {"steps: [" + strings.Repeat("{form: [a]},", 61) + "]", "There are more than 60 steps."},
		"alias bomb": {"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]", "Anchors"},
	} {
		_, problems := service.Load("f.yaml", []byte(c.src))
		found := false
		for _, p := range problems {
			found = found || strings.Contains(p.Say, c.say)
		}
		if !found {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

// TestAllProblemsAtOnce wants a file with many mistakes to be answered once.
func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	src := strings.NewReplacer("version: 1", "version: x", "type: payment", "type: pay", "    level: L2", "    level: 2", "rate: true", "rat: true").Replace(sound(t))
	_, problems := service.Load("f.yaml", []byte(src))
	lines := map[int]bool{}
	for _, p := range problems {
		lines[p.Line] = true
	}
	if len(lines) < 4 {
		t.Errorf("found only %v", fmt.Sprint(problems))
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(sound(f)))
	for _, c := range brokenTable() {
		f.Add([]byte(strings.Replace(sound(f), c.old, c.new, 1)))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		d, problems := service.Load("f.yaml", src)
		if (d == nil) == (len(problems) == 0) {
			t.Fatalf("definition %v with %d problems", d != nil, len(problems))
		}
		if d == nil {
			return
		}
		env := service.Env{Now: noon, Offer: service.Offer{Definition: d}, CaseNo: "C", Me: service.Me{Level: 4}}
		s, _, err := d.Start(env)
		if err != nil {
			return
		}
		d.View(s, env)
		d.Pending(s, env)
	})
}
