package draft

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/domain/service"
	"zhijian/ground/fault"
)

// Sheet describes a table that a department uploaded, as its office answers for it: "rows.find" by the key columns gives known and the
// columns that are told, or items when keys are not unique; "slots.list" gives the times of a table of times.
type Sheet struct {
	Office  string // office word that the sheet is bound to
	Columns []Column
	Unique  bool // no two rows have the same key
	Slots   bool // rows are times with places
}

// Column is one column of it.
type Column struct {
	Name  string // word in calls and expressions
	Label string // heading
	Kind  string // text, number, money, day, clock, plate, phone, citizen_number, yes
	Key   bool   // rows are found by it
	Told  bool   // it is answered
}

// OfficeWord is the word by which definitions ask the sheet of a slug.
func OfficeWord(slug string) string { return "sheet_" + strings.ReplaceAll(slug, "-", "_") }

// problem says why a question cannot be put to the sheet; empty when it can. A booking is asked by the key columns alone, so that its times
// have one stock.
func (s Sheet) problem(a service.Asking) (path string, say service.Text) {
	keys, told := map[string]bool{}, map[string]Column{}
	for _, c := range s.Columns {
		if c.Key {
			keys[c.Name] = true
		}
		if c.Told {
			told[c.Name] = c
		}
	}
	if a.Books != s.Slots {
		return "call", service.Text{Zh: "这张表" + map[bool]string{true: "是预约的时间，不能用来查", false: "是用来查的，不能用来预约"}[s.Slots], En: "The sheet is of another sort: times are booked, rows are looked up."}
	}
	for _, name := range a.With {
		if !keys[name] {
			return "with", service.Text{Zh: "表格里“" + name + "”不是用来查的列", En: "The sheet is not looked up by " + name + "."}
		}
	}
	if len(a.With) != len(keys) {
		return "with", service.Text{Zh: "表格的每一个用来查的列都要给出", En: "Every column that the sheet is looked up by is given."}
	}
	for _, g := range a.Gives {
		if c, ok := told[g.Name]; !ok || gives[c.Kind] != g.Kind {
			return "gives", service.Text{Zh: "表格不告诉“" + g.Name + "”，或者它是另一种内容", En: "The sheet does not tell " + g.Name + ", or it is of another kind."}
		}
	}
	if !s.Slots && a.Many == s.Unique {
		return "gives", service.Text{Zh: "表格查到的是一行还是几行，和这里写的不一样", En: "The sheet gives one row where several are read, or the other way round."}
	}
	return "", service.Text{}
}

// gives is the kind that an office gives for a column, ask the type of question that a key is asked by.
var gives = map[string]string{
	"text": "text", "number": "int", "money": "money", "day": "day", "clock": "text", "plate": "plate", "yes": "bool",
}

var ask = map[string]string{"text": "text", "number": "number", "money": "money", "day": "date", "clock": "text", "plate": "plate", "yes": "choice"}

// FromSheet writes the definition of a service over a sheet: a look-up that asks the key columns and shows what is told, or a booking.
//
// What tells who somebody is, is never asked: a citizen number or phone in the key is the resident's own. A plate in the key is one of the
// resident's own vehicles, unless a citizen number or phone is in the key beside it. Look-ups are counted. The legal basis is left to the
// department to state. The same sheet gives the same text; fault.Invalid "draft.sheet" when nothing could be looked up by it.
func FromSheet(id string, name service.Text, group, sector, review string, s Sheet) (string, error) {
	w := &sheetWriter{s: s}
	w.sort()
	if len(w.told) == 0 && !s.Slots || len(w.keys) == 0 && !s.Slots {
		return "", fault.Invalid("draft.sheet", "请在表格里选一列用来查、一列告诉群众")
	}
	w.head(id, name, group, sector, review)
	w.answers()
	if s.Slots {
		w.booking()
	} else {
		w.lookup()
	}
	return w.b.String(), nil
}

type sheetWriter struct {
	s    Sheet
	b    strings.Builder
	keys []Column
	told []Column
	own  bool // the key holds something of the resident's own
}

func (w *sheetWriter) sort() {
	for _, c := range w.s.Columns {
		switch {
		case c.Key:
			w.keys = append(w.keys, c)
			w.own = w.own || personal(c)
		case c.Told && gives[c.Kind] != "":
			w.told = append(w.told, c)
		}
	}
}

// personal reports a column that tells who somebody is.
func personal(c Column) bool { return c.Kind == "citizen_number" || c.Kind == "phone" }

func (w *sheetWriter) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

// quoted is a text as YAML holds it inside braces.
func quoted(s string) string {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}}}
	b, err := yaml.Marshal(n)
	if err != nil {
		return `""`
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(string(b)), "["), "]")
}

// label is a heading as a wording. Braces in it are text.
func label(c Column) string { return "{zh: " + quoted(strings.ReplaceAll(c.Label, "{", "{{")) + "}" }

func (w *sheetWriter) head(id string, name service.Text, group, sector, review string) {
	typ, how, about := "query", "query", "{zh: 在手机上查，马上知道。, en: Look it up on the phone.}"
	if w.s.Slots {
		typ, how, about = "booking", "window", "{zh: 先约时间，来了不排队。, en: Book a time and do not queue.}"
	}
	w.line("# 由表格生成。改这里，或者在服务设计里当表单改。")
	w.line("id: %s\nversion: 1", id)
	if name.En == "" {
		w.line("name: {zh: %s}", quoted(name.Zh))
	} else {
		w.line("name: {zh: %s, en: %s}", quoted(name.Zh), quoted(name.En))
	}
	w.line("about: %s\nsector: %s\ngroup: %s\ntype: %s\nhow: %s\nowner: %s", about, sector, group, typ, how, w.s.Office)
	w.line("who: {zh: 本人, en: \"You, in person\"}\nfee: {zh: 不要钱, en: Free}\npromise: {done: 10s, text: {zh: 马上知道, en: At once}}\nreview_by: %s\nrate: true", review)
}

// asked are the key columns that a resident is asked.
func (w *sheetWriter) asked() []Column {
	return slices.DeleteFunc(slices.Clone(w.keys), personal)
}

// answerID is the name of the question for a key: one of its own, so that no column's name can be a word that expressions use.
func answerID(c Column) string { return "key_" + c.Name }

func (w *sheetWriter) answers() {
	asked := w.asked()
	if len(asked) == 0 && !w.s.Slots {
		return
	}
	w.line("\nanswers:")
	for _, c := range asked {
		w.line("  %s:", answerID(c))
		switch {
		case c.Kind == "plate" && w.own:
			w.line("    type: plate\n    from: me.plates")
		case c.Kind == "plate":
			w.line("    type: choice\n    from: me.vehicles # 只查本人名下的车")
		case c.Kind == "yes":
			w.line("    type: choice\n    options:\n      - {value: 是, label: {zh: 是, en: \"Yes\"}}\n      - {value: 否, label: {zh: 否, en: \"No\"}}")
		case c.Kind == "text" || c.Kind == "clock":
			w.line("    type: text\n    max: 60")
		default:
			w.line("    type: %s", ask[c.Kind])
		}
		w.line("    label: %s\n    ask: {zh: %s}\n    why: {zh: 按这一项在表里查, en: The table is looked up by it}", label(c), quoted("请填"+strings.ReplaceAll(c.Label, "{", "{{")))
	}
	if w.s.Slots {
		w.line("  slot:\n    type: slot\n    label: {zh: 时间, en: Time}\n    why: {zh: 为您留这个时间, en: It is kept for you}")
	}
}

// level is the identity that the key needs.
func (w *sheetWriter) level() string {
	level := "L1"
	for _, c := range w.keys {
		switch {
		case c.Kind == "citizen_number" && level != "L4":
			level = "L2"
		case c.Kind == "plate" && !w.own:
			level = "L4" // vehicles are known only so
		}
	}
	if w.s.Slots && level == "L1" {
		return "L2" // who comes is called by name
	}
	return level
}

// with are the inputs of a call.
func (w *sheetWriter) with() string {
	var out []string
	for _, c := range w.keys {
		v := answerID(c)
		switch c.Kind {
		case "citizen_number":
			v = "me.citizen_number"
		case "phone":
			v = "me.phone"
		}
		out = append(out, c.Name+": "+v)
	}
	return "{" + strings.Join(out, ", ") + "}"
}

func (w *sheetWriter) form() {
	asked := w.asked()
	if len(asked) == 0 {
		return
	}
	var ids []string
	for _, c := range asked {
		ids = append(ids, answerID(c))
	}
	w.line("  - form: [%s]\n    name: {zh: 填写, en: Fill in}\n    level: %s", strings.Join(ids, ", "), w.level())
	if !w.s.Slots {
		w.line("    button: {zh: 查询, en: Look up}")
	}
	if len(ids) > 1 {
		w.line("    title: {zh: 请填写, en: Please fill in}")
	}
}

func (w *sheetWriter) lookup() {
	asked := w.asked()
	w.line("\nsteps:")
	w.form()
	w.line("  - lookup: found")
	if len(asked) == 0 {
		w.line("    level: %s", w.level())
	}
	var shape []string
	for _, c := range w.told {
		shape = append(shape, c.Name+": "+gives[c.Kind])
	}
	told := strings.Join(shape, ", ")
	if !w.s.Unique {
		told = "items: [{" + told + "}]"
	}
	w.line("    office: %s\n    call: rows.find\n    with: %s\n    gives: {known: bool, %s}\n    wait: {zh: 正在查询, en: Looking it up}\n    down: [retry, notify]", w.s.Office, w.with(), told)
	if len(asked) > 0 {
		w.line("    budget: {lookup.resident: %s, lookup.failures: %s}\n    unknown: {zh: 没有查到，请核对。, en: Not found. Please check.}", answerID(asked[0]), answerID(asked[0]))
	} else {
		w.line("  - result: none\n    if: \"!found.known\"\n    say: {zh: 没有您的记录, en: There is no record of yours}")
	}
	w.line("  - result: done\n    name: {zh: 结果, en: Result}")
	if w.s.Unique {
		w.line("    say: {zh: 查到了, en: Found}\n    show:")
		for _, c := range w.told {
			w.line("      - {label: %s, value: found.%s}", label(c), c.Name)
		}
	} else {
		first, rest := w.told[0], w.told[1:]
		w.line("    say: {zh: \"查到 {size(found.items)} 条\", en: \"{size(found.items)} found\"}\n    show:\n      - each: found.items\n        label: %s\n        text: {zh: \"{v.%s}\", en: \"{v.%s}\"}", label(first), first.Name, first.Name)
		if len(rest) > 0 {
			w.line("        lines:")
			for _, c := range rest {
				w.line("          - {zh: %s}", quoted(strings.ReplaceAll(c.Label, "{", "{{")+" {v."+c.Name+"}"))
			}
		}
	}
	w.line("    good: true")
	w.tests()
}

func (w *sheetWriter) booking() {
	w.line("\nsteps:")
	w.form()
	w.line("  - book: slot\n    level: %s\n    title: {zh: 哪天、几点来？, en: \"Which day and time?\"}\n    office: %s\n    call: slots.list", w.level(), w.s.Office)
	if len(w.keys) > 0 {
		w.line("    with: %s", w.with())
	}
	w.line("    pool: sheet # 一张表、一个查的值，只有一份名额\n    notes:\n      - text: {zh: 选好后为您保留 15 分钟。, en: Your choice is kept for 15 minutes.}")
	w.line("  - check:\n      - {label: {zh: 办事人, en: Name}, value: mask(me.name)}")
	for _, c := range w.asked() {
		w.line("      - %s", answerID(c))
	}
	w.line("      - {label: {zh: 时间, en: Time}, value: \"span(slot.start, slot.end)\", edit: slot}")
	w.line("    title: {zh: 请核对预约, en: Check your appointment}\n    button: {zh: 确认预约, en: Book it}")
	w.line("  - result: done\n    say: {zh: 约好了, en: You are booked}\n    show:\n      - {label: {zh: 时间, en: Time}, value: \"span(slot.start, slot.end)\"}\n      - {label: {zh: 预约号, en: Booking number}, value: slot.no}\n    good: true")
	w.line("    next:\n      - {zh: 请按时来，带上身份证。, en: Come on time with your identity card.}")
	w.tests()
}

func (w *sheetWriter) tests() {
	w.line("\ntests:\n  - name: nobody without proof is served\n    as: L0\n    answers: {}\n    expect: {view: prove}")
}
