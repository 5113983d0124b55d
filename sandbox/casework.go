package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// caseworkProfile describes an office that takes applications or reports and works on them, stage by stage.
type caseworkProfile struct {
	Title, About string
	Prefix       string   // of its case numbers
	Needs        []string // inputs without which it takes nothing
	// Subject is the input whose last two digits are magic: what people type anyway, an address or a description.
	Subject string
	// Stages are reached so many minutes after the filing. At the last one it is decided.
	Stages  []workStage
	Keeps   workKeep
	More    string // with what sentence it asks for more
	Refusal string // with what sentence it ends in a refusal
	Fee     *workFee
	Parcel  bool // what it makes is sent: it tells a waybill number
	Draw    *workDraw
	// Result is what it tells of a case that ended well, as patterns of profiles/README.md.
	Result map[string]any
}

// workDraw is what an office shares out by lot among those who applied. Who is drawn, its stages and the magic decide.
type workDraw struct {
	Title  string
	Places []map[string]any // code, name, count
	Days   int              // from today until entries close; the draw is a day later
}

// workKeep is from which stage on an office lets nobody take a filing back, and what it says then: the last one and "已经办结，不能撤回" when
// it says nothing else.
type workKeep struct {
	From, Say string
	// But names an input and a value with which a case is let go of all the same, for its next step is with another office.
	But map[string]string
}

type workStage struct {
	Name    string
	Minutes int
}

// workFee is what is to be paid when a case ended well, in fen: one amount, or one by the value of an input.
type workFee struct {
	Amount  int64
	By      string
	Amounts map[string]int64
}

func (f *workFee) of(in question) int64 {
	switch {
	case f == nil:
		return 0
	case f.By != "":
		return f.Amounts[in.text(f.By)]
	}
	return f.Amount
}

// States of a case, as cases.progress tells them. More ends a case too: the complete application is filed anew.
const (
	workTaken    = "taken"
	workMore     = "more"
	workAccepted = "accepted"
	workRefused  = "refused"
)

// casework is an office that takes applications and reports.
type casework struct {
	p      caseworkProfile
	bureau *bureau // makes the values of results

	books
	cases map[string]*work // by number
	count int
}

// work is one case. How far it is follows from when it was filed.
type work struct {
	no     string
	filed  question
	ending string // of its subject
	paid   bool
	hushed int // how often it said nothing to being taken back
}

func newCasework(p caseworkProfile, cfg Config, began time.Time) *office {
	d := &diary{}
	c := &casework{
		p: p, cases: map[string]*work{}, books: newBooks(d),
		bureau: &bureau{profile: &profile{Title: p.Title}, name: p.Prefix, seed: cfg.Seed, began: began},
	}
	o := &office{
		title: p.Title, about: p.About, diary: d, magic: caseworkMagic(p),
		calls: map[string]call{
			"cases.file":     {act: true, takes: strings.Join(p.Needs, ", "), gives: "no, filed_at", do: c.file},
			"cases.progress": {takes: "no", gives: "known, state, stage, stages[{name, done, at}], more, reason, fee, parcel, as_of", do: c.progress},
			"cases.settled":  {takes: "key", gives: "settled, voided, no?, filed_at?, receipt?", do: c.settled},
			"cases.void":     {act: true, takes: "key?", gives: "voided, was_settled", do: c.void},
		},
	}
	if p.Draw != nil {
		o.calls["draws.open"] = call{gives: "known, open, draw, title, closes, moment, count, entries, choices, places[{code, name, count}], entered", do: c.open}
	}
	if p.Fee != nil {
		o.calls["cases.pay"] = call{act: true, takes: "no, paid, amount", gives: "receipt, paid_at", do: c.pay}
	}
	return o
}

func caseworkMagic(p caseworkProfile) []magic {
	out := []magic{
		{p.Subject + " 末两位 13", "受理一直没有回应"},
		{p.Subject + " 末两位 44", "当场不受理"},
		{p.Subject + " 末两位 45", "受理前两次没有回应，第三次成功"},
		{p.Subject + " 末两位 46", "受理了，但第一次的回答丢失"},
		{p.Subject + " 末两位 47", "受理后要求补正一次"},
		{p.Subject + " 末两位 48", "受理后不予办理"},
		{p.Subject + " 末两位 57", "受理号登记错了，过后再问时是改正的"},
		{p.Subject + " 末两位 51", "受理了，但不同意撤回"},
		{p.Subject + " 末两位 52", "受理了，撤回时前两次没有回应"},
	}
	if p.Parcel {
		out = append(out, magic{p.Subject + " 末两位 49", "办成了，但邮件被退回"})
	}
	if p.Fee != nil {
		out = append(out, magic{p.Subject + " 末两位 50", "办成了，但缴费不入账，应当退款"})
	}
	return out
}

// file takes a case.
func (c *casework) file(in question) (data, error) {
	for _, n := range c.p.Needs {
		if !given(in.with[n]) {
			return nil, refusal{"incomplete", "申请内容不完整，请补全后再交"}
		}
	}
	end := ending(in.text(c.p.Subject), 2)
	if end == "13" {
		return nil, errSilent
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ledger.act(in, printOf(in), end, func() (data, func(), error) {
		c.count++
		w := &work{no: fmt.Sprintf("%s%s%06d", c.p.Prefix, in.at.In(clock.Shanghai).Format("20060102"), c.count), filed: in, ending: end}
		c.cases[w.no] = w
		return data{"no": w.no, "filed_at": stamp(in.at)}, func() { delete(c.cases, w.no) }, nil
	})
}

// settled tells what became of a filing. An office that gave a wrong number tells the right one when it is asked anew.
func (c *casework) settled(in question) (data, error) {
	out, err := c.books.settled(in)
	no, _ := out["no"].(string)
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.cases[no]; err == nil && w != nil && w.ending == "57" {
		out = maps.Clone(out)
		out["no"] = no + "G"
		c.cases[no+"G"] = w
	}
	return out, err
}

// printOf writes what an act was asked with, in the order of the names.
func printOf(in question) string { return fmt.Sprint(in.with) }

// given reports whether an input holds anything.
func given(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	}
	return true
}

// progress tells how far a case is.
func (c *casework) progress(in question) (data, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.cases[in.text("no")]
	if w == nil {
		return unknown(in), nil
	}
	state := c.state(w, in.at)
	out := data{
		"known": true, "state": state, "stage": "", "more": "", "reason": "", "fee": c.p.Fee.of(w.filed), "parcel": "", "as_of": stamp(in.at),
	}
	stages := []data{}
	for i, s := range c.p.Stages {
		at := w.filed.at.Add(time.Duration(s.Minutes) * time.Minute)
		row := data{"name": s.Name, "done": !at.After(in.at), "at": ""} // when it will be is not promised
		if row["done"] == true && (i == 0 || state != workMore) {
			row["at"], out["stage"] = stamp(at), s.Name
		}
		stages = append(stages, row)
	}
	out["stages"] = stages
	switch state {
	case workMore:
		out["more"], out["stage"] = c.p.More, "等待补正"
	case workRefused:
		out["reason"], out["stage"] = c.p.Refusal, "不予办理"
	case workAccepted:
		return c.accepted(w, out)
	}
	return out, nil
}

// open tells what can be entered now.
func (c *casework) open(in question) (data, error) {
	d, count := c.p.Draw, 0
	for _, p := range d.Places {
		n, _ := p["count"].(int)
		count += n
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	closes := in.at.AddDate(0, 0, d.Days)
	return data{
		"known": true, "open": true, "draw": c.p.Prefix, "title": d.Title, "closes": stamp(closes), "moment": stamp(closes.AddDate(0, 0, 1)), "count": count, "entries": c.count,
		"choices": min(3, len(d.Places)), "places": d.Places, "entered": "", "as_of": stamp(in.at),
	}, nil
}

// state is what has become of a case: more is asked for at the second stage, the rest is decided at the last.
func (c *casework) state(w *work, now time.Time) string {
	after := func(s workStage) bool { return !now.Before(w.filed.at.Add(time.Duration(s.Minutes) * time.Minute)) }
	last := len(c.p.Stages) - 1
	switch {
	case w.ending == "47" && !given(w.filed.with["extra"]):
		if after(c.p.Stages[min(1, last)]) {
			return workMore
		}
	case !after(c.p.Stages[last]):
	case w.ending == "48":
		return workRefused
	default:
		return workAccepted
	}
	return workTaken
}

// void calls a filing off, unless it has come too far for that.
func (c *casework) void(in question) (data, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.cases {
		if w.filed.key != voided(in) {
			continue
		}
		if w.ending == "52" && w.hushed < 2 {
			w.hushed++
			return nil, errSilent
		}
		if say := c.kept(w, in.at); say != "" {
			return nil, refusal{"kept", say}
		}
	}
	return c.ledger.void(in)
}

// kept is the sentence with which the office keeps a filing; empty while it lets go of it.
func (c *casework) kept(w *work, now time.Time) string {
	from := len(c.p.Stages) - 1
	if i := slices.IndexFunc(c.p.Stages, func(s workStage) bool { return s.Name == c.p.Keeps.From }); i >= 0 {
		from = i
	}
	late := !now.Before(w.filed.at.Add(time.Duration(c.p.Stages[from].Minutes) * time.Minute))
	switch {
	case c.state(w, now) == workMore: // it waits for a complete one
		return ""
	case w.ending == "51":
		return "已经转出办理，不能撤回"
	case c.p.Keeps.spares(w.filed):
		return ""
	case late && c.p.Keeps.Say != "":
		return c.p.Keeps.Say
	case late:
		return "已经办结，不能撤回"
	}
	return ""
}

func (k workKeep) spares(in question) bool {
	for name, value := range k.But {
		if in.text(name) == value {
			return true
		}
	}
	return false
}

// accepted adds what is told of a case that ended well. The values follow from its number.
func (c *casework) accepted(w *work, out data) (data, error) {
	made, err := c.bureau.maker(subject{key: w.no, person: nobody}, "result", w.filed).object(c.p.Result)
	if err != nil {
		return nil, err
	}
	maps.Copy(out, made)
	if c.p.Parcel {
		decided := w.filed.at.Add(time.Duration(c.p.Stages[len(c.p.Stages)-1].Minutes) * time.Minute)
		out["parcel"] = waybill(decided, w.ending == "49")
	}
	return out, nil
}

// pay books the fee of a case that ended well.
func (c *casework) pay(in question) (data, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	amount, ok := in.whole("amount")
	if in.text("no") == "" || in.text("paid") == "" || !ok {
		return nil, refusal{"incomplete", "缴费内容不完整：缺少受理号、缴款凭证或金额"}
	}
	w, end := c.cases[in.text("no")], ""
	if w != nil && w.ending == "50" {
		end = "44"
	}
	return c.ledger.act(in, printOf(in), end, func() (data, func(), error) {
		switch {
		case w == nil || c.state(w, in.at) != workAccepted:
			return nil, nil, refusal{"unknown", "没有这个受理号，或还没有审核通过"}
		case w.paid:
			return nil, nil, refusal{"settled", "这笔费用已经交过了"}
		case amount != c.p.Fee.of(w.filed):
			return nil, nil, refusal{"amount", "缴款金额与应缴的费用不一致"}
		}
		w.paid = true
		return data{"receipt": "PJ" + w.no, "paid_at": stamp(in.at)}, func() { w.paid = false }, nil
	})
}
