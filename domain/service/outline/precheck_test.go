package outline_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/domain/service"
	"zhijian/domain/service/outline"
	"zhijian/ground/fault"
)

// What the form shows of a precheck and takes back unchanged leaves every file of the catalogue to the byte as it was.
func TestPrecheckRoundTrip(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../catalog/services/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		o := read(t, string(src))
		p, ok := o.Precheck()
		if !ok {
			continue
		}
		seen++
		for _, q := range p.Questions {
			must(t, o.SetPrecheckQuestion(q))
		}
		for i, r := range p.Rules {
			must(t, o.SetRule(i, r))
		}
		must(t, o.SetExamples(p.Examples))
		if diff := cmp.Diff(string(src), string(o.Bytes())); diff != "" {
			t.Errorf("%s: %s", f, diff)
		}
		if len(p.Questions) == 0 || len(p.Rules) == 0 || len(p.Examples) < 2 || p.Rules[0].Basis.Law == "" {
			t.Errorf("%s: %+v", f, p)
		}
	}
	if seen < 10 {
		t.Errorf("only %d files have a precheck", seen)
	}
}

const checked = `id: own-permit
rate: true

eligible:
  answers:
    # asked first
    local: {type: choice, label: 户口, ask: 户口在本市吗？, why: 规定, options: [{value: "yes", label: 是}, {value: "no", label: 不是}]}
    months: {type: number, max: 120, label: 几个月, ask: 住了几个月？, why: 规定}
  rules:
    # those who are at home here
    - if: local == 'yes'
      not: 不用办。
      basis: {law: 条例, article: "2"}
    - if: months < 6 # half a year
      not: 不满半年。
      instead: 满了再来。
      basis: {law: 条例, article: "3"}
  tests:
    - {answers: {local: "no", months: "6"}} # may
    - {answers: {local: "yes", months: "60"}, not: [1]}
    - {answers: {local: "no", months: "5"}, not: [2]}

steps: []
`

func TestPrecheckIsEdited(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit     func(o *outline.Outline) error
		old, new []string // lines that go and come, in pairs
	}{
		"a condition": {func(o *outline.Outline) error {
			p, _ := o.Precheck()
			r := p.Rules[1]
			r.If = "months < 12"
			return o.SetRule(1, r)
		}, []string{"if: months < 6 #"}, []string{"if: months < 12 #"}},
		"its law": {func(o *outline.Outline) error {
			p, _ := o.Precheck()
			r := p.Rules[0]
			r.Basis = service.Basis{Law: "新条例", Article: "5"}
			return o.SetRule(0, r)
		}, []string{"{law: 条例, article: \"2\"}"}, []string{"{law: 新条例, article: \"5\"}"}},
		"a question": {func(o *outline.Outline) error {
			p, _ := o.Precheck()
			q := p.Questions[1]
			q.Max = "600"
			return o.SetPrecheckQuestion(q)
		}, []string{"max: 120"}, []string{"max: 600"}},
		"an example": {func(o *outline.Outline) error {
			p, _ := o.Precheck()
			p.Examples[2].Answers[1].Value = "0"
			return o.SetExamples(p.Examples)
		}, []string{`months: "5"`}, []string{`months: "0"`}},
	} {
		o := read(t, checked)
		must(t, c.edit(o))
		want := checked
		for i := range c.old {
			want = strings.Replace(want, c.old[i], c.new[i], 1)
		}
		if diff := cmp.Diff(want, string(o.Bytes())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Rules that move or go take their numbers in the examples along.
func TestPrecheckRulesKeepTheirExamples(t *testing.T) {
	t.Parallel()
	o := read(t, checked)
	must(t, o.MoveRule(1, -1))
	p, _ := o.Precheck()
	if p.Rules[0].Not.Zh != "不满半年。" || p.Examples[1].Bars[0] != 2 || p.Examples[2].Bars[0] != 1 {
		t.Errorf("moved: %+v", p)
	}
	must(t, o.MoveRule(0, -1))
	at, err := o.AddRule()
	p, _ = o.Precheck()
	if err != nil || at != 2 || len(p.Rules) != 3 || p.Rules[2].Basis.Law != "条例" {
		t.Errorf("added: %d %v %+v", at, err, p)
	}
	must(t, o.RemoveRule(0))
	p, _ = o.Precheck()
	if len(p.Rules) != 2 || p.Rules[0].Not.Zh != "不用办。" || p.Examples[1].Bars[0] != 1 || p.Examples[2].Bars != nil {
		t.Errorf("removed: %+v", p)
	}
	must(t, o.RemoveRule(1))
	if err := o.RemoveRule(0); fault.Of(err) == nil || fault.Of(err).Code != "outline.check_last" {
		t.Errorf("the last rule goes: %v", err)
	}
	id, err := o.AddPrecheckQuestion()
	p, _ = o.Precheck()
	if err != nil || p.Questions[2].ID != id || p.Examples[0].Answers[2] != (outline.Given{Question: id, Value: "1"}) {
		t.Errorf("asked: %s %v %+v", id, err, p)
	}
	must(t, o.RemovePrecheckQuestion(id))
	must(t, o.RemovePrecheckQuestion("months"))
	p, _ = o.Precheck()
	if len(p.Questions) != 1 || len(p.Examples[0].Answers) != 1 {
		t.Errorf("not asked: %+v", p)
	}
	if err := o.RemovePrecheckQuestion("local"); fault.Of(err) == nil || fault.Of(err).Code != "outline.check_last" {
		t.Errorf("the last question goes: %v", err)
	}
	for _, err := range []error{o.SetRule(7, outline.Rule{}), o.RemoveRule(7), o.SetPrecheckQuestion(outline.Question{ID: "x"}), o.RemovePrecheckQuestion("x")} {
		if !fault.Is(err, fault.KindNotFound) {
			t.Errorf("what is not there is changed: %v", err)
		}
	}
	must(t, o.DropPrecheck())
	if _, ok := o.Precheck(); ok || strings.Contains(string(o.Bytes()), "eligible") {
		t.Error("it is still there")
	}
}

// What a precheck begins with loads, and a colleague is told what changed in it.
func TestPrecheckBegins(t *testing.T) {
	t.Parallel()
	src := string(service.Blank("own-x", nil))
	o := read(t, src)
	must(t, o.BeginPrecheck())
	if d, problems := service.Load("own-x", o.Bytes()); d == nil || d.Precheck() == nil {
		t.Fatal(problems)
	}
	same := string(o.Bytes())
	must(t, o.BeginPrecheck())
	if string(o.Bytes()) != same {
		t.Error("it begins twice")
	}
	say := func(was, is string) (out []string) {
		for _, d := range outline.Differences(read(t, was), read(t, is)) {
			out = append(out, d.Zh)
		}
		return out
	}
	if d := cmp.Diff([]string{"新增“我能不能办”", "“我能不能办”新增规则“不住在本市，不能办。”"}, say(src, same)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"去掉了“我能不能办”"}, say(same, src)); d != "" {
		t.Error(d)
	}
	for _, c := range [][3]string{
		{"local == 'no'", "local == 'yes'", "规则“不住在本市，不能办。”什么时候不能办，条件改了"},
		{"law: 法律名称", "law: 法律名称", ""},
		{"您住在本市吗？", "您现在住在本市吗？", "“我能不能办”的问题或例子改了"},
	} {
		got := strings.Join(say(same, strings.Replace(same, c[0], c[1], 1)), "；")
		if got != c[2] {
			t.Errorf("%s: %s", c[1], got)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
