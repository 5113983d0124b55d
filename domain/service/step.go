package service

import "time"

// The kinds of step this engine runs.
const (
	kindForm   = "form"
	kindLookup = "lookup"
	kindChoose = "choose"
	kindBook   = "book"
	kindCheck  = "check"
	kindPay    = "pay"
	kindSubmit = "submit"
	kindWait   = "wait"
	kindResult = "result"

	kindReview  = "review"
	kindSupply  = "supply"
	kindDeliver = "deliver"
	kindHandoff = "handoff"
)

func stepKinds() []string {
	return []string{
		kindForm, kindLookup, kindChoose, kindBook, kindCheck, kindPay, kindSubmit, kindReview, kindSupply, kindDeliver, kindWait, kindHandoff, kindResult,
	}
}

// answer is one thing a resident is asked.
type answer struct {
	answerType
	id       string
	shape    *shape
	label    template // short, for summaries: 车牌号
	ask      template // the question: 要查哪辆车？
	hint     template
	why      template
	optional bool
	from     *expr // options offered
	option   optionDef
	other    *optionFixed  // one more way out of from: 查其他车辆
	options  []optionFixed // of a choice
	prefill  *expr
	min, max int       // of text: characters; of number: value; of file: how many; max 0 for no bound
	file     fileDef   // of file
	parts    []*answer // of entries: what each asks
	entry    template  // of entries: what one is called: 同行人
	locked   *expr     // what a register says, shown and not asked; nil for what is asked
	wrong    template  // of locked: the way to have it corrected
}

type optionDef struct {
	value            *expr
	label, hint, tag template
}

type optionFixed struct {
	value       string
	label, hint template
}

// step is one station of a definition, compiled.
type step struct {
	kind  string
	id    string
	pos   int
	line  int
	cond  *expr
	level int
	facts *shape // what it leaves behind for expressions; nil for nothing

	name, title, lead, button template

	notes    []noteDef
	fields   []fieldDef // form
	call     *callDef   // lookup, submit, book
	usual    template
	retry    bool // lookup: the resident may ask again
	notify   bool // lookup: the house asks again by itself and tells
	spend    []spendDef
	hide     hideDef
	smallest []leastDef // lookup: counts of people that are not kept when they are small
	unknown  template   // lookup: what to say when the office does not know; empty: "known" is just a fact
	refused  refusedDef
	answer   *answer // choose, book
	from     *expr
	key      *expr
	item     itemDef
	rule     ruleDef
	pool     template
	rows     []rowDef
	declare  template
	instead  *linkDef
	amount   *expr
	payee    *expr
	about    template
	settled  *callDef
	yes      string // member of settled's answer that is true when the filing took effect
	void     *callDef
	tries    int
	within   span          // wait, deliver, review: after that long a person must look
	every    time.Duration // wait, deliver: how often the office is asked; with call
	until    *expr         // wait, deliver: what ends it, over its own facts; nil: the first event does
	more     string        // wait, deliver, review: the supply step to go back to when more is asked for; "" for none
	path     string        // handoff: path at the office's own site
	good     bool
	denied   bool // result: the office said no after it had taken the case
	receipt  bool
	chart    *mapDef // result: what is drawn as a map; nil for none
	next     []template
}

// seen reports whether a resident stands at the step and acts or reads there.
func (s *step) seen() bool {
	switch s.kind {
	case kindForm, kindChoose, kindBook, kindCheck, kindSupply, kindHandoff:
		return true
	}
	return false
}

// stays reports a step at which the case stays until somebody outside is done: an office, a courier, a member of staff.
func (s *step) stays() bool {
	switch s.kind {
	case kindWait, kindDeliver, kindReview:
		return true
	}
	return false
}

type fieldDef struct {
	answer *answer
	cond   *expr
}

type noteDef struct {
	tone string
	text template
	cond *expr
}

type callDef struct {
	office, call string
	with         []argDef
}

type argDef struct {
	name string
	e    *expr
}

type spendDef struct {
	budget string
	target *expr
}

// hideDef names the members of an office's answer that are not kept unless a condition on that answer holds.
type hideDef struct {
	unless *expr
	paths  [][]string
}

type refusedDef struct {
	say     template
	lead    template
	refund  string
	release string
	back    string
	next    []template
}

type itemDef struct {
	title  template
	amount *expr
	points *expr
	rows   []rowDef
	links  []linkDef
}

type ruleDef struct {
	min, max int
	same     []string
	say      template
}

type rowDef struct {
	label  template
	value  *expr
	text   template
	as     string // kind to show the value as; "" for the declared one
	lines  []template
	edit   string
	href   template // page of this site
	each   *expr
	cond   *expr
	answer *answer // a row made from an answer's own wording
}

type linkDef struct {
	label   template
	service string
	href    string
	cond    *expr
}

// maxTries is how often a filing is repeated before asking what became of it, unless the definition says so.
const maxTries = 6

// backoff is the wait after the n-th failure, n from 1. Look-ups in the background begin slower.
func backoff(n int) time.Duration {
	steps := []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
	return steps[min(max(n, 1), len(steps))-1]
}

func payShape(id string) *shape {
	return object(
		id, member{"no", scalar("text")}, member{"amount", scalar("money")}, member{"payee", scalar("text")}, member{"receipt", scalar("text")},
		member{"transaction", scalar("text")}, member{"paid_at", scalar("time")}, member{"paid", scalar("bool")},
	)
}

func bookShape(id string) *shape {
	return object(
		id, member{"no", scalar("text")}, member{"slot", scalar("text")}, member{"start", scalar("time")}, member{"end", scalar("time")},
		member{"until", scalar("time")}, member{"pool", scalar("text")},
	)
}
