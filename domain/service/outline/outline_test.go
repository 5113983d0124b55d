package outline_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/service"
	"zhijian/domain/service/outline"
)

func read(t testing.TB, src string) *outline.Outline {
	t.Helper()
	o, err := outline.Read([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// each walks every definition that ships with the house.
func each(t *testing.T, fn func(t *testing.T, src string)) {
	t.Helper()
	names, err := fs.Glob(catalog.FS, "services/*.yaml")
	if err != nil || len(names) < 100 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		src, err := fs.ReadFile(catalog.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { t.Parallel(); fn(t, string(src)) })
	}
}

// TestUnchanged: a form that is sent as it was shown leaves every byte of every definition in place.
func TestUnchanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, src string) {
		o := read(t, src)
		if err := o.SetHead(o.Head()); err != nil {
			t.Fatal(err)
		}
		for _, q := range o.Questions() {
			if err := o.SetQuestion(q); err != nil {
				t.Fatal(q.ID, err)
			}
		}
		for _, p := range o.Pages() {
			if err := o.SetPage(p); err != nil {
				t.Fatal(p.ID, err)
			}
			if err := o.SetRaw(p.ID, strings.ReplaceAll(p.Raw, "\n", "\r\n")); err != nil {
				t.Fatal(p.ID, err)
			}
		}
		if diff := cmp.Diff(src, string(o.Bytes())); diff != "" {
			t.Error(diff)
		}
	})
}

// TestOneLine: changing a wording of any question or page changes its lines and no others, and the file still loads.
func TestOneLine(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, src string) {
		o := read(t, src)
		for _, q := range o.Questions() {
			q.Label.Zh += "改"
			if err := o.SetQuestion(q); err != nil {
				t.Fatal(q.ID, err)
			}
		}
		for _, p := range o.Pages() {
			if p.Name.Zh != "" {
				p.Name.Zh += "改"
				if err := o.SetPage(p); err != nil {
					t.Fatal(p.ID, err)
				}
			}
		}
		before, after := strings.Split(src, "\n"), strings.Split(string(o.Bytes()), "\n")
		lost := 0
		for _, l := range before {
			if !slices.Contains(after, l) {
				lost++
			}
		}
		// A label stands on a line of its own, or shares it with the question's other members.
		if most := 2 * (len(o.Questions()) + len(o.Pages())); lost > most {
			t.Errorf("%d of %d lines changed, at most %d should", lost, len(before), most)
		}
		if _, problems := service.Load("changed.yaml", o.Bytes()); len(problems) > 0 {
			t.Errorf("%v\n%s", problems, o.Bytes())
		}
		if n := strings.Count(src, "#"); strings.Count(string(o.Bytes()), "#") != n {
			t.Errorf("%d comments became %d", n, strings.Count(string(o.Bytes()), "#"))
		}
	})
}

// TestEveryMove: a page that is moved down and up again, and a question too, leave the file as it was; a page that is added and taken away
// leaves it as it was.
func TestEveryMove(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, src string) {
		o := read(t, src)
		ids := o.Pages()
		for _, p := range ids[:len(ids)-1] {
			for _, by := range []int{1, -1} {
				if err := o.MovePage(p.ID, by); err != nil {
					t.Fatal(p.ID, err)
				}
			}
			if diff := cmp.Diff(src, string(o.Bytes())); diff != "" {
				t.Fatal(p.ID, diff)
			}
		}
		for _, kind := range outline.NewPages() {
			id, err := o.AddPage(kind, ids[0].ID)
			if err != nil {
				t.Fatal(kind, err)
			}
			if !slices.ContainsFunc(o.Pages(), func(p outline.Page) bool { return p.ID == id && p.Kind == kind }) {
				t.Fatalf("%s %s is not there:\n%s", kind, id, o.Bytes())
			}
			if err := o.RemovePage(id); err != nil {
				t.Fatal(kind, err)
			}
		}
		if diff := cmp.Diff(strings.TrimSpace(src), strings.TrimSpace(string(o.Bytes()))); diff != "" {
			t.Error(diff)
		}
	})
}

const small = `# A file with its own ways.
id: own-pass
version: 1 # counted by the house
name: {zh: 出入证, en: Pass}
about: 办一张出入证。

answers:
  plate: # the car
    type: plate
    label: 车牌号
    why: 登记用
  who:
    type: choice
    label: {zh: 身份, en: Who}
    why: 登记用
    options:
      - {value: owner, label: 业主, hint: 有房产证}
      - {value: tenant, label: 租客}

steps:
  # the first page
  - form: [plate, who]
    title: 办证
  - check: [plate, who]
  - result: done # the end
    say: 办好了
`

func TestEdits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(o *outline.Outline) error
		want [][2]string // in place of what
	}{
		"a label": {func(o *outline.Outline) error {
			q, err := o.Question("plate")
			q.Label = service.Text{Zh: "车牌", En: "Plate"}
			q.Optional = true
			return first(err, o.SetQuestion(q))
		}, [][2]string{{"    label: 车牌号\n    why: 登记用\n", "    label: {zh: 车牌, en: Plate}\n    why: 登记用\n    optional: true\n"}}},
		"a choice": {func(o *outline.Outline) error {
			q, err := o.Question("who")
			q.Options = append(q.Options, outline.Option{Value: "guest", Label: service.Text{Zh: "访客"}})
			return first(err, o.SetQuestion(q))
		}, [][2]string{{"label: 租客}\n", "label: 租客}\n      - {value: guest, label: 访客}\n"}}},
		"the order of questions": {
			func(o *outline.Outline) error { return o.MoveQuestion("plate", "who", -1) },
			[][2]string{{"  - form: [plate, who]\n", "  - form: [who, plate]\n    id: plate\n"}},
		},
		"a question less": {
			func(o *outline.Outline) error { return o.RemoveQuestion("plate", "who") },
			[][2]string{{"  - form: [plate, who]\n", "  - form: [plate]\n"}, {small[strings.Index(small, "  who:"):strings.Index(small, "\nsteps:")], ""}},
		},
		"the version": {func(o *outline.Outline) error { return o.SetVersion("12") }, [][2]string{{"version: 1 #", "version: 12 #"}}},
		"the head": {func(o *outline.Outline) error {
			h := o.Head()
			h.About, h.NoBasis, h.Fee = service.Text{Zh: "办出入证：当天可取。"}, true, service.Text{Zh: "不要钱", En: "Free"}
			return o.SetHead(h)
		}, [][2]string{{"about: 办一张出入证。\n", "about: 办出入证：当天可取。\n"}, {"    say: 办好了\n", "    say: 办好了\nfee: {zh: 不要钱, en: Free}\nbasis: none\n"}}},
		"a page moved": {func(o *outline.Outline) error { return o.MovePage("check", -1) }, [][2]string{
			{"  # the first page\n  - form: [plate, who]\n    title: 办证\n  - check: [plate, who]\n", "  - check: [plate, who]\n  # the first page\n  - form: [plate, who]\n    title: 办证\n"},
		}},
		"a page more": {func(o *outline.Outline) error {
			id, err := o.AddPage("form", "plate")
			if id != "question" {
				t.Error(id)
			}
			return err
		}, [][2]string{
			{"    title: 办证\n", "    title: 办证\n  - form: [question]\n"},
			{"租客}\n", "租客}\n  question:\n    type: text\n    max: 60\n    label: {zh: 新问题, en: New question}\n    ask: {zh: 请填写, en: Please fill in}\n"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := read(t, small)
			if err := c.edit(o); err != nil {
				t.Fatal(err)
			}
			want := small
			for _, w := range c.want {
				want = strings.Replace(want, w[0], w[1], 1)
			}
			if diff := cmp.Diff(want, string(o.Bytes())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"nothing": "", "a list": "- a\n", "a word": "a", "broken": "a: [", "two documents": "a: 1\n---\nb: 2\n", "too large": "a: " + strings.Repeat("x", outline.MaxBytes),
	} {
		if _, err := outline.Read([]byte(src)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	edit := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(small) }
	for name, c := range map[string]struct {
		is   string
		want []string
	}{
		"nothing":          {edit("# the car", "# the vehicle", "version: 1", "version: 2"), nil},
		"the name":         {edit("zh: 出入证", "zh: 通行证"), []string{"名称改成了“通行证”"}},
		"the English":      {edit("en: Pass", "en: A pass"), []string{"名称的英文改了"}},
		"optional":         {edit("label: 车牌号\n", "label: 车牌号\n    optional: true\n"), []string{"问题“车牌号”改成了可不填"}},
		"another type":     {edit("type: plate", "type: text"), []string{"问题“车牌号”改成填文字"}},
		"a reason":         {edit("label: 车牌号\n    why: 登记用", "label: 车牌号\n    why: 核对车主"), []string{"问题“车牌号”的理由改成了“核对车主”"}},
		"a choice":         {edit("label: 租客}\n", "label: 租客}\n      - {value: guest, label: 访客}\n"), []string{"问题“身份”新增了选项“访客”"}},
		"a choice less":    {edit("      - {value: tenant, label: 租客}\n", ""), []string{"问题“身份”去掉了选项“租客”"}},
		"a step":           {edit("  - result:", "  - pay: fee\n    name: 缴费\n    amount: 100\n  - result:"), []string{"新增一步“缴费”"}},
		"a step less":      {edit("  - check: [plate, who]\n", ""), []string{"去掉了“核对”这一步"}},
		"a level":          {edit("title: 办证", "title: 办证\n    level: L2"), []string{"“办证”这一步现在要求实名"}},
		"a question moved": {edit("form: [plate, who]", "form: [who, plate]\n    id: plate"), []string{"“办证”这一步的问题换了先后"}},
		"steps turned": {
			edit("  - form: [plate, who]\n    title: 办证\n  - check: [plate, who]\n", "  - check: [plate, who]\n  - form: [plate, who]\n    title: 办证\n"),
			[]string{"“办证”这一步换了先后"},
		},
		"inner rules": {edit("say: 办好了", "say: 办好了\n    good: true"), []string{"“结果”这一步的内部规则改了"}},
		"a question":  {edit("form: [plate, who]", "form: [plate, who, tel]", "answers:\n", "answers:\n  tel: {type: phone, label: 电话}\n"), []string{"“办证”这一步问的问题变了", "新增问题“电话”"}},
		"basis":       {edit("about:", "basis:\n  - {law: 物业管理条例, article: 第一条}\nabout:"), []string{"依据新增了“物业管理条例 第一条”"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, s := range outline.Differences(read(t, small), read(t, c.is)) {
				got = append(got, s.Zh)
				if s.En == "" || strings.Contains(s.Zh+s.En, "%!") {
					t.Errorf("%q, %q", s.Zh, s.En)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	c := read(t, strings.Replace(small, "    why: 登记用\n  who:", "  who:", 1)).Check()
	if c.Questions != 2 || c.Pages != 2 || c.Could != 1 || c.Minutes < 1 {
		t.Errorf("%+v", c)
	}
	var must, said []string
	for _, a := range c.Advice {
		said = append(said, a.Say.Zh)
		if a.Must {
			must = append(must, a.Say.Zh)
		}
	}
	if diff := cmp.Diff([]string{"没有写办这件事的法律依据；没有专门规定的，请勾选“这件事没有专门的法律规定”", "问题“车牌号”没有写为什么要问"}, must); diff != "" {
		t.Error(diff)
	}
	if !slices.Contains(said, "问题“车牌号”可以自动带出，不用群众填") {
		t.Error(said)
	}
	if c := read(t, string(mustRead(t))).Check(); slices.ContainsFunc(c.Advice, func(a outline.Advice) bool { return a.Must }) {
		t.Errorf("a shipped definition could not be submitted: %+v", c.Advice)
	}
}

func mustRead(t testing.TB) []byte {
	t.Helper()
	src, err := fs.ReadFile(catalog.FS, "services/traffic-fine-payment.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Add("a: &x [*x]")
	f.Add("steps:\n- form: [a]\n-\n  - b")
	f.Fuzz(func(t *testing.T, src string) {
		o, err := outline.Read([]byte(src))
		if err != nil {
			return
		}
		if string(o.Bytes()) != src {
			t.Error("reading changes the file")
		}
		o.Check()
		outline.Differences(o, o)
		for _, p := range o.Pages() {
			_ = o.MovePage(p.ID, 1) // whatever comes of it, it does not panic
		}
		_, _ = o.AddPage("form", "")
	})
}
