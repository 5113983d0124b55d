package service

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/money"
)

// OfficeFunc asks a system, as the house's office client does: a refusal is fault.Conflict with the
// office's sentence, no answer is fault.Unavailable. Any other error fails the test. now is the test's own time, which goes on as the case
// waits: an office that works by its clock is asked at that time.
type OfficeFunc func(now time.Time, system, call, key string, with map[string]any) (map[string]any, error)

// Channel is a way in which a resident meets a case. It is given what they see and what they want to answer, shows the one, lets the other be
// entered the way people do there, and gives what reaches the house. An error means that it cannot be entered.
type Channel func(v View, want map[string][]string) (map[string][]string, error)

// TestResult is how one of a definition's own tests went.
type TestResult struct {
	Name string
	Line int
	Bad  []string // what was expected and what came instead; empty when the test passed
}

// Keep saves the state of one test's case and gives what was read back.
type Keep func(s State) (State, error)

// Stage is where a definition's own tests are played. Payments and places are made up in memory.
type Stage struct {
	Offer   Offer
	Now     time.Time        // when the first test begins; each begins a minute after the end of the one before, so that an office which was silent is asked again
	Office  OfficeFunc       // the offices
	People  func(who int) Me // the resident that a test names by number ("who"); nil is an invented one
	Channel Channel          // where the resident's answers are entered; nil enters them directly
	Open    func() Keep      // opens a case for a test where cases are kept between two steps; nil keeps them in memory
}

// Example is one way through a service: what somebody answers on it, and where it ends.
type Example struct {
	Level   int // how well the resident is proven
	Who     int // which of the people at hand they are
	Answers map[string][]string
	Picks   map[string][]int // answers given by position among what is offered, from 0
	End     string           // the result; empty when it ends at a page that waits or shows
}

// Example gives the first of the definition's own tests that goes well with nothing in the way; false when there is none.
func (d *Definition) Example() (Example, bool) {
	d.whole()
	i := slices.IndexFunc(d.tests, func(t rehearsal) bool {
		if t.pay != "" || t.hold != "" || t.silent != "" {
			return false
		}
		if end, ok := t.expect["end"]; ok {
			at, known := d.index[fmt.Sprint(end)]
			return known && d.steps[at].good
		}
		return fmt.Sprint(t.expect["view"]) == string(ViewResult)
	})
	if i < 0 {
		i = slices.IndexFunc(d.tests, func(t rehearsal) bool { return t.expect["end"] != nil && t.silent == "" && t.pay == "" })
	}
	if i < 0 {
		return Example{}, false
	}
	t := d.tests[i]
	end, _ := t.expect["end"].(string)
	return Example{Level: t.level, Who: t.who, Answers: t.answers, Picks: t.picks, End: end}, true
}

// Run walks the definition of the offer through its own tests.
func (at Stage) Run() []TestResult {
	d := at.Offer.Definition
	d.whole()
	out, now := make([]TestResult, 0, len(d.tests)), at.Now
	for i, t := range d.tests {
		// The key is new in every test: an office remembers keys.
		h := &rehearser{d: d, t: t, at: at, happened: map[string]bool{}, env: Env{Now: now, Offer: at.Offer, CaseNo: fmt.Sprintf("TEST%s%d", d.ID, i+1)}}
		h.env.Me, h.env.Files = h.resident(), d.testFiles(t)
		if at.Open != nil {
			h.store = at.Open()
		}
		out = append(out, TestResult{Name: t.name, Line: t.line, Bad: h.run()})
		now = h.env.Now.Add(time.Minute)
	}
	return out
}

// rehearser plays resident, bank and booking desk for one test.
type rehearser struct {
	d      *Definition
	t      rehearsal
	at     Stage
	store  Keep // nil keeps the case in memory
	env    Env
	s      State
	queue  []Effect
	taken  bool
	paidNo int

	happened map[string]bool
	reviewed int // verdicts given
	appealed bool
	amended  bool
	recalled bool
	days     []Day // of the calendar that was published last
}

func (h *rehearser) resident() Me {
	me := Me{
		Name: "张小敏", CitizenNumber: "11010519491231002X", Phone: "+8613800138000",
		People: []Person{{ID: "1", Name: "张小宝", CitizenNumber: "110105201801010019", Relation: "child"}, {ID: "2", Name: "李四", CitizenNumber: "110101199003070011", Relation: "other"}},
		Others: []Other{{Ref: "child/1", Name: "张小宝", CitizenNumber: "110105201801010019"}, {Ref: "mandate/2", Name: "李四", CitizenNumber: "110101199003070011"}},
	}
	if h.at.People != nil {
		me = h.at.People(h.t.who)
	}
	me.Level = h.t.level
	if me.Level < 4 {
		me.Plates = nil
	}
	if me.Level < 2 {
		me.Name, me.CitizenNumber, me.People, me.Others = "", "", nil, nil
	}
	if me.Level < 1 {
		me.Phone = ""
	}
	return me
}

// maxMoves bounds a test; the longest real way is a filing with all its retries.
const maxMoves = 200

func (h *rehearser) run() []string {
	s, effects, err := h.d.Start(h.env)
	if err != nil {
		return []string{"the case does not start: " + err.Error()}
	}
	if err := h.keep(s, effects); err != nil {
		return []string{err.Error()}
	}
	for range maxMoves {
		if h.t.recall != "" && !h.recalled && (h.t.recallAt == "" || h.t.recallAt == h.s.Step) && h.d.Recallable(h.s, h.env) {
			h.recalled = true
			err = h.apply(Recall{})
		} else if len(h.queue) > 0 {
			e := h.queue[0]
			h.queue = h.queue[1:]
			if h.silentLookup(e) {
				more, moved := h.moved(e)
				if !more {
					break
				}
				err = moved
			} else {
				err = h.do(e)
			}
		} else if more, moved := h.resume(); !more {
			if more, moved = h.remedy(); !more {
				break
			}
			err = moved
		} else {
			err = moved
		}
		if err != nil {
			return []string{"at step " + h.s.Step + ": " + err.Error()}
		}
	}
	return h.judge()
}

// silentLookup ends a test at a look-up that the house would repeat in the background, and where an outside event is waited for.
func (h *rehearser) silentLookup(e Effect) bool {
	return e.Kind == EffectDue || e.Kind == EffectAsk && h.s.Down && e.After > 0
}

// moved plays what comes from outside while the case stays at a step: the test's next verdict, or what it lets happen once. more is false when
// nothing does.
func (h *rehearser) moved(e Effect) (more bool, err error) {
	if data, ok := h.t.happens[e.Step]; ok && !h.happened[e.Step] {
		h.happened[e.Step] = true
		return true, h.apply(Outcome{Kind: OutcomeAnswered, Step: e.Step, Data: data, At: h.env.Now})
	}
	if len(h.t.corrects) > 0 && h.s.Corrected == 0 && len(h.d.Correctable(h.s, h.env)) > 0 {
		if err := h.apply(Correct{Values: h.t.corrects}); err != nil {
			return true, err
		}
	}
	brief, reviewing := h.d.Brief(h.s, h.env)
	if !reviewing || h.reviewed == len(h.t.reviews) {
		return false, nil
	}
	in := Review{Step: brief.Step, Verdict: Verdict(h.t.reviews[h.reviewed]), Values: map[string][]string{}, Corrected: brief.Corrected}
	if h.reviewed++; in.Verdict != VerdictAccept {
		in.Reason = "材料不清楚（测试）"
	}
	for _, f := range brief.Fields {
		in.Values[f.Name] = h.t.answers[f.Name]
	}
	return true, h.apply(in)
}

// appeal plays, once, what came of the resident's appeal against the end of the case.
func (h *rehearser) appeal() (more bool, err error) {
	terms, ok := h.d.Appeal(h.s, h.env)
	if h.t.appeal == "" || h.appealed || !ok {
		return false, nil
	}
	h.appealed = true
	in := Reopen{What: h.t.appeal, Reason: "理由成立（测试）", Values: map[string][]string{}}
	for _, f := range terms.Fields {
		in.Values[f.Name] = h.t.answers[f.Name]
	}
	return true, h.apply(in)
}

// remedy plays what came of what the resident says about the end of the case.
func (h *rehearser) remedy() (more bool, err error) {
	if more, err := h.appeal(); more {
		return true, err
	}
	return h.amend()
}

// amend plays, once, how a mistake in the result is put right: by staff, or by the office, which is asked anew.
func (h *rehearser) amend() (more bool, err error) {
	a, ok := h.d.Amendable(h.s, h.env)
	if h.t.amends == nil && !h.t.retold || h.amended || !ok || h.t.retold != (a.Office != "") {
		return false, nil
	}
	h.amended = true
	in := Amend{Values: map[string][]string{}}
	for _, f := range a.Fields {
		if in.Values[f.Name] = []string{f.Value}; h.t.amends[f.Name] != nil {
			in.Values[f.Name] = h.t.amends[f.Name]
		}
	}
	if h.t.retold {
		if in.Data, err = h.ask(a.Ask); err != nil {
			return true, err
		}
	}
	return true, h.apply(in)
}

func (h *rehearser) apply(in Input) error {
	s, effects, err := h.d.Apply(h.s, in, h.env)
	if err != nil {
		return err
	}
	return h.keep(s, effects)
}

// keep goes on with the state as it comes back from where it is kept.
func (h *rehearser) keep(s State, effects []Effect) (err error) {
	if h.store != nil {
		if s, err = h.store(s); err != nil {
			return fmt.Errorf("the case cannot be kept: %w", err)
		}
	}
	h.s, h.queue = s, append(h.queue, effects...)
	return nil
}

// do runs one effect and feeds its outcome back.
func (h *rehearser) do(e Effect) error {
	h.env.Now = h.env.Now.Add(e.After + time.Millisecond)
	o := Outcome{Effect: e.Kind, Step: e.Step, Attempt: e.Attempt, At: h.env.Now}
	switch e.Kind {
	case EffectAsk, EffectFile, EffectTrace, EffectVoid:
		data, err := h.ask(e)
		switch {
		case err == nil:
			o.Kind, o.Data = OutcomeAnswered, data
		case fault.Is(err, fault.KindConflict):
			o.Kind, o.Reason = OutcomeRefused, fault.Of(err).Public
		case fault.Is(err, fault.KindUnavailable):
			o.Kind = OutcomeDown
		default:
			return err
		}
	case EffectOrder:
		h.paidNo++
		o.Kind, o.Data = OutcomeOrdered, map[string]any{"no": h.orderNo(), "url": "/pay", "expires": h.env.Now.Add(15 * time.Minute)}
	case EffectCancel:
		o.Kind = OutcomeClosed
	case EffectRefund:
		o.Kind = OutcomeRefunded
	case EffectHold:
		o.Kind = OutcomeHeld
		if h.t.hold == "taken" && !h.taken {
			h.taken = true
			o.Kind, o.Reason = OutcomeTaken, "booking.taken"
			break
		}
		start := h.env.Now.Add(24 * time.Hour)
		o.Data = map[string]any{
			"no": h.env.CaseNo + "B" + strconv.Itoa(e.Attempt), "slot": e.Slot, "start": start, "end": start.Add(30 * time.Minute), "until": h.env.Now.Add(15 * time.Minute),
		}
	case EffectConfirm, EffectRelease:
		o.Kind = OutcomeDone
	}
	return h.apply(o)
}

// ask puts an effect's question to its office, which says nothing when the test wants it silent.
func (h *rehearser) ask(e Effect) (map[string]any, error) {
	recall := ""
	if h.s.Recalling() && e.Kind == EffectVoid {
		recall = h.t.recall
	}
	if recall == recallRefused {
		return nil, fault.Conflict("office.refused", "%s", "已经办结，不能撤回（测试）")
	}
	if recall == recallDown || e.Office == h.t.silent {
		return nil, fault.Unavailable("office.down", "对方系统暂时没有回应，不是您的问题")
	}
	return h.at.Office(h.env.Now, h.env.Offer.Offices[e.Office].System, e.Call, e.Key, e.With)
}

func (h *rehearser) orderNo() string { return fmt.Sprintf("%s-%d", h.env.CaseNo, h.paidNo) }

// resume does what the resident would do next; more is false when the test is over.
func (h *rehearser) resume() (more bool, err error) {
	v := h.d.View(h.s, h.env)
	switch v.Kind {
	case ViewForm, ViewChoose, ViewBook, ViewCheck:
		values, answered, err := h.values(v)
		if err != nil || !answered {
			return err != nil, err
		}
		before, entries := h.s.Step, v.Repeat
		if values, err = h.entered(v, values); err != nil {
			return true, err
		}
		err = h.apply(Answer{Step: v.Step, Values: values})
		if after := h.d.View(h.s, h.env).Repeat; err == nil && entries != nil && after != nil && (len(after.Entries) > len(entries.Entries) || after.Open != entries.Open) {
			return true, nil
		}
		if err == nil && len(h.queue) == 0 && h.s.Step == before {
			return false, nil
		}
		return true, err
	case ViewPay:
		if v.Retry {
			return false, nil
		}
		if _, err := h.entered(v, nil); err != nil {
			return true, err
		}
		o := Outcome{Step: v.Step, Attempt: h.s.Attempt[v.Step], At: h.env.Now}
		o.Kind, o.Data = OutcomePaid, map[string]any{
			"no": h.orderNo(), "amount": int64(v.Amount), "transaction": "T" + h.orderNo(), "paid_at": h.env.Now, "receipt": h.orderNo(),
		}
		if h.t.pay == "closed" {
			o.Kind, o.Data = OutcomeClosed, nil
		}
		return true, h.apply(o)
	}
	return false, nil
}

// entered takes the resident's answers through the channel.
func (h *rehearser) entered(v View, values map[string][]string) (map[string][]string, error) {
	if h.at.Channel == nil {
		return values, nil
	}
	if v.Kind == ViewBook {
		v.Days = h.days
	}
	return h.at.Channel(v, values)
}

// values fills in a page from the test's answers. answered is false when the resident was sent back
// to a page, or the test has no answer for it: then the test ends there.
func (h *rehearser) values(v View) (values map[string][]string, answered bool, err error) {
	if h.s.Note != "" && h.s.More != v.Step {
		return nil, false, nil
	}
	values = map[string][]string{}
	for _, f := range v.Fields {
		if given, ok := h.t.answers[f.Name]; ok {
			values[f.Name] = h.people(f, given)
		} else if f.Type == typeWhom {
			values[f.Name] = []string{ForSelf} // unless a test says otherwise
		}
	}
	if v.Repeat != nil {
		h.t.entered(v.Repeat, values)
		return values, true, nil
	}
	if len(v.Fields) > 0 && len(values) == 0 {
		return nil, false, nil
	}
	if v.Name == "" {
		return values, true, nil
	}
	keys := make([]string, 0, len(v.Items))
	for _, i := range v.Items {
		keys = append(keys, i.Value)
	}
	if v.Kind == ViewBook {
		if keys, err = h.published(); err != nil {
			return nil, false, err
		}
	}
	values[v.Name] = slices.Clone(h.t.answers[v.Name])
	if v.Kind == ViewBook {
		// A place is named by the end of its id, because ids change with the day.
		values[v.Name] = nil
		for _, end := range h.t.answers[v.Name] {
			if i := slices.IndexFunc(keys, func(k string) bool { return strings.HasSuffix(k, end) }); i >= 0 {
				values[v.Name] = append(values[v.Name], keys[i])
			}
		}
	}
	for _, n := range h.t.picks[v.Name] {
		if n < 0 || n >= len(keys) {
			return nil, false, fmt.Errorf("%s has %d to choose from, the test wants number %d (counted from 0)", v.Name, len(keys), n)
		}
		values[v.Name] = append(values[v.Name], keys[n])
	}
	return values, len(values[v.Name]) > 0, nil
}

// people turns what a test calls somebody into what the page offers: "child" is the first child, "self" the resident.
func (h *rehearser) people(f Field, given []string) []string {
	if f.Type != typeWhom && f.Type != typePerson || len(given) != 1 {
		return given
	}
	me := h.env.Me
	for _, o := range me.Others {
		if f.Type == typeWhom && o.kind() == given[0] {
			return []string{o.Ref}
		}
	}
	for _, p := range me.People {
		if f.Type == typePerson && p.Relation == given[0] {
			return []string{p.ID}
		}
	}
	return given
}

// published asks the office for its places, as the house does before it shows a calendar.
func (h *rehearser) published() ([]string, error) {
	word, call, with, _, ok := h.d.SlotsCall(h.s, h.env)
	if !ok {
		return nil, fmt.Errorf("there is nothing to book")
	}
	data, err := h.at.Office(h.env.Now, h.env.Offer.Offices[word].System, call, "", with)
	if err != nil {
		return nil, err
	}
	var out []string
	m, _ := normal(data).(map[string]any)
	list, _ := m["slots"].([]any)
	h.days = nil
	for _, s := range list {
		out = append(out, textOf(s, "id"))
		h.publish(SlotView{ID: textOf(s, "id"), Start: timeOf(s, "start"), End: timeOf(s, "end"), Left: int(intOf(s, "left"))})
	}
	return out, nil
}

// publish puts a place into the calendar, under its day in Shanghai; places come in the order of time.
func (h *rehearser) publish(s SlotView) {
	date := s.Start.In(clock.Shanghai).Format(time.DateOnly)
	if n := len(h.days); n == 0 || h.days[n-1].Date != date {
		h.days = append(h.days, Day{Date: date, Open: true})
	}
	d := &h.days[len(h.days)-1]
	d.Left += s.Left
	d.Slots = append(d.Slots, s)
}

// judge compares what came with what was expected.
func (h *rehearser) judge() []string {
	var bad []string
	v := h.d.View(h.s, h.env)
	if _, err := h.entered(v, nil); err != nil {
		bad = append(bad, "the last page: "+err.Error())
	}
	miss := func(what, want, got string) {
		if want != got {
			bad = append(bad, fmt.Sprintf("expected %s %q, got %q", what, want, got))
		}
	}
	for _, name := range sortedKeys(h.t.expect) {
		want := h.t.expect[name]
		if members, ok := want.(map[string]any); ok {
			for _, m := range sortedKeys(members) {
				miss(name+"."+m, fmt.Sprint(members[m]), plainText(h.s.Facts[name], m))
			}
			continue
		}
		text := fmt.Sprint(want)
		switch name {
		case "end":
			miss("end", text, h.s.End)
		case "view":
			miss("view", text, string(v.Kind))
		case "step":
			miss("step", text, v.Step)
		case "office":
			state := "up"
			if v.Down {
				state = "down"
			}
			miss("office", text, state)
		case "refunded":
			if !boolOf(h.s.Facts[text], "refunded") {
				bad = append(bad, "expected the payment of step "+text+" to be refunded, it is not")
			}
		default:
			miss(name, text, money.Fen(intOf(h.s.Facts[name], "amount")).String())
		}
	}
	if h.t.recall != "" && !h.recalled {
		bad = append(bad, "expected what was filed to be taken back, it could not be")
	}
	if h.t.appeal != "" && !h.appealed {
		bad = append(bad, "expected a decision to appeal against, there is none")
	}
	if (h.t.amends != nil || h.t.retold) && !h.amended {
		bad = append(bad, "expected a result in which a mistake can be put right, there is none")
	}
	if len(h.t.corrects) > 0 && h.s.Corrected == 0 {
		bad = append(bad, "expected something to be put right, nothing could be")
	}
	if h.s.End == "" && h.t.expect["end"] != nil {
		bad = append(bad, fmt.Sprintf("the case stands at step %s (%s)", h.s.Step, v.Kind))
	}
	return bad
}

func plainText(fact any, name string) string {
	m, _ := fact.(map[string]any)
	v, ok := m[name]
	if !ok {
		return "nothing"
	}
	return fmt.Sprint(v)
}

func sortedKeys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
