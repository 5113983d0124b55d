package chat

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/cases"
	"zhijian/domain/message"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	render "zhijian/ui/chat"
)

// say takes a line, or the service that was tapped. The line is kept before anything comes of it, which also lets one of two presses
// through and no more.
func (x *Chat) say(w http.ResponseWriter, r *door.Request) error {
	t, err := x.open(w, r)
	if err != nil {
		return err
	}
	text, id := strings.TrimSpace(r.Value("line")), r.Value("service")
	if id != "" {
		offer, ok := x.c.Shelf.Offer(t.city.Code, id)
		if !ok {
			return fault.NotFound("service", "这个城市还没有开通这项服务")
		}
		text = offer.Definition.Name.In(r.Lang)
	}
	if seen, err := strconv.Atoi(r.Value("seen")); err != nil || seen != t.talk.Last {
		return t.refused(w, text, moved())
	}
	if err := t.hear(text); err != nil {
		return t.refused(w, text, err)
	}
	if err := t.move(func() error {
		if id != "" {
			return t.begin(id)
		}
		return t.understand(text)
	}); err != nil {
		return err
	}
	if err := t.keep(); err != nil && !fault.Is(err, fault.KindConflict) {
		return err
	}
	to := path(t.a)
	if r.Value("mode") == "text" {
		to += "?mode=text"
	}
	return r.See(w, to+"#now")
}

func moved() error {
	return fault.Conflict("talk.moved", "对话里有了新的消息，请看过再答")
}

// hear keeps the resident's own line.
func (t *turn) hear(text string) error {
	if err := message.CheckWords(text); err != nil {
		return err
	}
	t.said = []message.Line{{Mine: true, Text: seal.Plain(text)}}
	return t.keep()
}

// move does what a line means, waits a moment for what follows from it, and says where the case then stands.
func (t *turn) move(do func() error) error {
	err := do()
	if err == nil {
		err = t.settle()
	}
	if err = t.sorry(err); err != nil {
		return err
	}
	t.present(false, "")
	return nil
}

// refused draws the talk with what was written still there.
func (t *turn) refused(w http.ResponseWriter, text string, wrong error) error {
	status := http.StatusUnprocessableEntity
	switch {
	case fault.Is(wrong, fault.KindConflict):
		status = http.StatusConflict
	case !fault.Is(wrong, fault.KindInvalid):
		return wrong
	}
	if err := t.read(); err != nil {
		return err
	}
	if err := t.look(); err != nil {
		return err
	}
	return t.draw(w, status, text, t.x.f.Sentence(t.r, fault.Of(wrong)))
}

// sorry says what a desk refused in the desk's own sentence; what is no answer to a person stays an error.
func (t *turn) sorry(err error) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	switch f.Kind {
	case fault.KindInvalid, fault.KindConflict, fault.KindDenied, fault.KindTooMany, fault.KindUnavailable:
		t.tell(render.Message{Lines: []string{t.x.f.Sentence(t.r, f)}})
		return t.look()
	}
	return err
}

// understand takes words: a command, an answer to the open step, the number of a listed service, or a service by its name.
func (t *turn) understand(text string) error {
	switch {
	case t.running() && t.memo.Asked:
		return t.decide(text)
	case t.running():
		return t.answer(text)
	}
	if id, ok := t.picked(text); ok {
		return t.begin(id)
	}
	switch render.Command(text) {
	case "":
		return t.seek(text)
	case render.MoveShow:
		if t.shown.Case.No != "" { // how it ended
			t.present(true, "")
			return nil
		}
	}
	t.word("talk.idle", nil)
	return nil
}

// picked is the service whose number was written below a list of services.
func (t *turn) picked(text string) (id string, ok bool) {
	n, ok := render.Number(text)
	if !ok || n < 1 || n > len(t.memo.Picks) {
		return "", false
	}
	id = t.memo.Picks[n-1]
	return id, id != "" // a number that stood for something else
}

// decide hears whether a case goes on. Other words look for another service.
func (t *turn) decide(text string) error {
	switch render.Command(text) {
	case render.MoveShow, render.MoveRetry:
		t.memo.Asked = false
		t.present(true, "")
		return nil
	case render.MoveCancel:
		return t.withdraw()
	case render.MoveBack:
		t.resume("talk.resume")
		return nil
	}
	if id, ok := t.picked(text); ok {
		return t.begin(id)
	}
	return t.seek(text)
}

// resume asks whether to go on with the case.
func (t *turn) resume(key string) {
	t.memo.Asked, t.memo.Said = true, render.Key(t.shown.View, t.memo.Talk, t.r.Lang)
	t.word(key, []any{t.shown.Offer.Definition.Name.In(t.r.Lang), t.shown.View.Title}, "go", "cancel")
}

// sure asks whether the case is to be called off. What was filed is not the resident's alone to call off: its department is asked.
func (t *turn) sure() {
	if !t.shown.Recallable {
		t.resume("talk.cancel.sure")
		return
	}
	t.memo.Asked, t.memo.Said = true, render.Key(t.shown.View, t.memo.Talk, t.r.Lang)
	t.word("talk.recall.sure", []any{t.shown.Offer.Definition.Name.In(t.r.Lang)}, "go", "recall")
}

func (t *turn) withdraw() error {
	t.memo.Asked = false
	if _, err := t.x.c.Cases.Withdraw(t.r.Context(), t.who(), t.talk.Case); err != nil {
		return err
	}
	t.memo.Said = ""
	return t.look()
}

// answer takes what is written while a step is open.
func (t *turn) answer(text string) error {
	return t.act(render.Hear(t.shown.View, t.memo.Talk, text, t.r.Lang), text)
}

// act does what was heard.
func (t *turn) act(h render.Heard, text string) error {
	v := t.shown.View
	switch h.Move {
	case render.MoveAnswer:
		return t.give(h.Values)
	case render.MoveTalk:
		t.memo.Talk = h.Talk
		t.present(true, h.Say)
	case render.MoveLost:
		t.tell(render.Message{Lines: []string{h.Say}})
	case render.MoveNear:
		return t.near(h.Where)
	case render.MoveCancel:
		t.sure()
	case render.MoveBack:
		return t.back()
	case render.MoveRetry:
		shown, err := t.x.c.Cases.Retry(t.r.Context(), t.who(), t.talk.Case)
		if err != nil {
			return err
		}
		t.shown, t.memo.Said = shown, ""
	default:
		if id, ok := t.picked(text); ok {
			return t.begin(id)
		}
		if render.Command(text) == "" && v.Kind != service.ViewForm {
			return t.seek(text) // while somebody else is at work, words look for another service
		}
		t.present(true, "")
	}
	return nil
}

// near says what can be chosen again, sorted by how far it is from a district, or asks in which one the resident is.
func (t *turn) near(where string) error {
	if where == "" {
		t.tell(render.Districts(t.shown.View, t.r.Lang))
		return nil
	}
	sorted, err := t.shown.View.Near(where, t.r.Lang)
	if err != nil {
		return err
	}
	t.shown.View = sorted
	t.present(true, "")
	return nil
}

// back goes to the page before.
func (t *turn) back() error {
	to := t.shown.View.Back
	if to == "" {
		t.word("talk.first", nil, "cancel")
		return nil
	}
	shown, err := t.x.c.Cases.Change(t.r.Context(), t.who(), t.talk.Case, to)
	if err != nil {
		return err
	}
	t.shown, t.memo = shown, memo{}
	return nil
}

// give sends an answer. What is wrong is asked again; the rest of a form stays answered.
func (t *turn) give(values map[string][]string) error {
	step := t.shown.View.Step
	talk := t.memo.Talk
	shown, err := t.x.c.Cases.Answer(t.r.Context(), t.who(), t.talk.Case, step, values)
	if fault.Is(err, fault.KindInvalid) && shown.Case.No != "" {
		t.shown = shown
		t.mend(talk, values, fault.Of(err))
		return nil
	}
	if err != nil {
		return err
	}
	t.shown, t.memo = shown, memo{}
	return nil
}

// mend asks again what a form found wrong.
func (t *turn) mend(talk render.Talk, values map[string][]string, f *fault.Error) {
	var names []string
	first := ""
	fields := t.shown.View.Fields
	for _, e := range f.All() {
		names = append(names, e.Field)
		i := slices.IndexFunc(fields, func(f service.Field) bool { return f.Name == e.Field })
		if i >= 0 {
			fields[i].Error = t.x.f.Sentence(t.r, e)
		} else {
			first = t.x.f.Sentence(t.r, e)
		}
	}
	talk.Step, talk.Values = t.shown.View.Step, values
	t.memo.Talk = talk.Without(names...)
	t.present(true, first)
}

// seek looks for a service: among the account's own first, then in the city.
func (t *turn) seek(text string) error {
	own, others := t.found(text)
	if b, ok := t.matter(text, own, others); ok {
		t.lead(b)
		return nil
	}
	list := own
	if len(list) == 0 {
		list = others
	}
	switch len(list) {
	case 0:
		t.none()
		return nil
	case 1:
		return t.begin(list[0].Definition.ID)
	}
	m := render.Message{Lines: []string{t.T("talk.which")}}
	t.memo.Picks = nil
	for i, o := range list[:min(len(list), mostFound)] {
		line := strconv.Itoa(i+1) + ". " + o.Definition.Name.In(t.r.Lang)
		m.Lines = append(m.Lines, line)
		m.Options = append(m.Options, render.Option{Text: line, Send: strconv.Itoa(i + 1)})
		t.memo.Picks = append(t.memo.Picks, o.Definition.ID)
	}
	t.tell(m)
	return nil
}

// found gives what the account and what the city offers of what was meant. Words that hold a service's name or one of its keywords mean
// that service, whatever else sounds like them.
func (t *turn) found(text string) (own, others []service.Offer) {
	for _, id := range t.x.c.Find.Services(t.city.Code, text, 40) {
		o, ok := t.x.c.Shelf.Offer(t.city.Code, id)
		switch {
		case !ok:
		case o.Account == t.a.Alias:
			own = append(own, o)
		default:
			others = append(others, o)
		}
	}
	return named(own, text), named(others, text)
}

// named gives those that are called by their name, all when none is.
func named(list []service.Offer, text string) []service.Offer {
	text = strings.ToLower(text)
	var out []service.Offer
	longest := 0
	for _, o := range list {
		n := holds(text, o.Definition.Name, o.Definition.Keywords)
		switch {
		case n > longest:
			out, longest = []service.Offer{o}, n
		case n == longest && n > 0:
			out = append(out, o)
		}
	}
	if len(out) == 0 {
		return list
	}
	return out
}

// none says that nothing was found, offers the list, and names a person to ask.
func (t *turn) none() {
	m := render.Message{Lines: []string{t.T("talk.none", t.name())}}
	for _, o := range t.offers() {
		m.Options = append(m.Options, render.Option{Text: o.Definition.Name.In(t.r.Lang), Service: o.Definition.ID})
	}
	if t.city.Code != "" {
		m.Links = append(m.Links, render.Link{Text: t.T("talk.list"), Kind: render.LinkPage, Href: "/city/" + t.city.Slug + "/services"})
	}
	m.Links = append(m.Links, render.Link{Text: t.T("talk.call"), Kind: render.LinkAway, Href: "tel:12345"})
	t.tell(m)
}

// begun are the states of a case that can go on.
var begun = []cases.State{cases.Draft, cases.Asking, cases.Paying, cases.Filing, cases.Reviewing, cases.Supplying, cases.Recalling, cases.Refunding, cases.Stuck}

// begin starts a service, or goes on with the case of it that is open.
func (t *turn) begin(id string) error {
	offer, ok := t.x.c.Shelf.Offer(t.city.Code, id)
	if !ok {
		t.none()
		return nil
	}
	no, err := t.unfinished(id)
	if err != nil {
		return err
	}
	if no != "" {
		if err := t.take(no); err != nil {
			return err
		}
		t.resume("talk.resume")
		return nil
	}
	o := cases.Opening{
		City: t.city.Code, Service: id, Channel: cases.ByChat, ClientIP: t.r.ClientIP(), Known: t.who().Known,
		Key: "chat/" + strconv.FormatInt(t.talk.ID, 10) + "/" + strconv.Itoa(t.talk.Last),
	}
	if !t.r.SignedIn() {
		o.Visitor = t.cookie
	}
	t.r.Visited(door.Visit{Kind: door.VisitClick, Channel: door.ByChat, Region: t.city.Code, Service: id, Account: offer.Account})
	c, err := t.x.c.Cases.Open(t.r.Context(), t.r.Actor, o)
	if fault.Is(err, fault.KindDenied) && !t.r.SignedIn() {
		t.askLogin(offer)
		return nil
	}
	if err != nil {
		return err
	}
	t.r.Visited(door.Visit{Kind: door.VisitService, Channel: door.ByChat, Region: t.city.Code, Service: id, Account: offer.Account})
	t.word("talk.begun", []any{offer.Definition.Name.In(t.r.Lang)})
	return t.take(c.No)
}

// askLogin leads to signing in, for who wants what strangers cannot have.
func (t *turn) askLogin(o service.Offer) {
	id, name := o.Definition.ID, o.Definition.Name.In(t.r.Lang)
	login := render.Link{Text: t.T("login"), Kind: render.LinkPage, Href: door.With("/login", t.r.Link(path(t.a)+"?want="+id))}
	if t.post != nil {
		t.memo.Want, login = id, render.Link{Text: t.T("talk.bind"), Kind: render.LinkBind}
	}
	t.tell(render.Message{Lines: []string{t.T("talk.login", name)}, Links: []render.Link{login}})
}

// unfinished is the number of the open case of a service: the one that is talked about, or one begun elsewhere; empty for none.
func (t *turn) unfinished(id string) (string, error) {
	if t.running() && t.shown.Case.Service == id {
		return t.shown.Case.No, nil
	}
	list, err := t.x.c.Cases.List(t.r.Context(), t.r.Actor, begun, cursor.Cursor{}, 50)
	if err != nil {
		return "", err
	}
	for _, c := range list {
		if c.Service == id && c.City == t.city.Code {
			return c.No, nil
		}
	}
	return "", nil
}
