package chat

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"zhijian/domain/account"
	"zhijian/domain/cases"
	"zhijian/domain/message"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	render "zhijian/ui/chat"
	"zhijian/web/frame"
)

// memo is what is remembered between two lines. It holds personal data and is kept sealed.
type memo struct {
	Talk render.Talk `json:"talk"`
	// Said is the key of what was said last of the case (ui/chat.Key).
	Said string `json:"said,omitempty"`
	// Picks are the services that were listed with numbers.
	Picks []string `json:"picks,omitempty"`
	// Asked says that it was asked whether to go on with the case or to call it off: neither is done before an answer.
	Asked bool `json:"asked,omitempty"`
	// What a talk on another platform needs besides: the last line that was told there, that its writer was told to ask again, what did not fit,
	// and the service that was wanted before its writer was bound.
	Told int    `json:"told,omitempty"`
	Owed bool   `json:"owed,omitempty"`
	Rest string `json:"rest,omitempty"`
	Want string `json:"want,omitempty"`
}

// String hides the memo.
func (memo) String() string { return "[sealed]" }

// turn is one opening of the talk: where it stands, and what is added.
type turn struct {
	x    *Chat
	r    *door.Request
	a    account.Account
	city region.Region // zero when the account belongs to none

	post *render.Post // nil on our own pages
	key  string       // of the post, until it is kept

	cookie string
	talk   message.Talk
	memo   memo
	past   []message.Line
	said   []message.Line // new lines of the account

	shown cases.Shown // the case that is talked about; Case.No is empty for none
}

// open reads the talk for a page.
func (x *Chat) open(w http.ResponseWriter, r *door.Request) (*turn, error) {
	if !r.SignedIn() {
		r.Visit(w)
	}
	return x.turn(r, r.PathValue("alias"), nil)
}

// turn reads the talk. What a visitor said in this browser, or in this talk of another platform, before signing in is the resident's from then
// on.
func (x *Chat) turn(r *door.Request, alias string, post *render.Post) (*turn, error) {
	a, err := x.c.Accounts.ByAlias(r.Context(), alias)
	if err != nil {
		return nil, err
	}
	t := &turn{x: x, r: r, a: a, post: post, cookie: r.Visitor}
	t.city, _ = x.c.Regions.City(a.Region)
	if r.SignedIn() && r.Visitor != "" {
		if err := x.c.Messages.Adopt(r.Context(), r.Actor, r.Visitor, a.ID); err != nil {
			return nil, err
		}
	}
	if err := t.read(); err != nil {
		return nil, err
	}
	return t, t.look()
}

func (t *turn) read() (err error) {
	t.talk, t.past, err = t.x.c.Messages.Talk(t.r.Context(), t.r.Actor, t.cookie, t.a.ID)
	if err != nil {
		return err
	}
	t.said, t.memo = nil, memo{}
	if raw := t.talk.Memo.Reveal(); raw != "" && json.Unmarshal([]byte(raw), &t.memo) != nil {
		t.memo = memo{} // of another version of the house: the step begins anew
	}
	return nil
}

// look reads the case that is talked about. One that is not there any more is not talked about.
func (t *turn) look() (err error) {
	t.shown = cases.Shown{}
	if t.talk.Case == "" {
		return nil
	}
	t.shown, err = t.x.c.Cases.Show(t.r.Context(), t.who(), t.talk.Case, "")
	if fault.Is(err, fault.KindNotFound) {
		t.drop()
		return nil
	}
	return err
}

// who is the asker as the cases room wants it.
func (t *turn) who() cases.Who {
	w := frame.Who(t.r)
	w.Visitor = t.cookie
	return w
}

// running reports a case that is talked about and not ended.
func (t *turn) running() bool { return t.shown.Case.No != "" && !t.shown.Case.State.Ended() }

// take makes a case the one that is talked about.
func (t *turn) take(no string) error {
	t.talk.Case, t.memo = no, memo{}
	return t.look()
}

// drop ends talking about a case.
func (t *turn) drop() {
	t.talk.Case, t.memo, t.shown = "", memo{}, cases.Shown{}
}

// tell adds a message of the account.
func (t *turn) tell(m render.Message) {
	raw, err := json.Marshal(m)
	if err != nil {
		return // a message is texts and numbers: it always encodes
	}
	t.said = append(t.said, message.Line{Text: seal.Plain(string(raw))})
}

// word adds a message of one sentence, with what can be tapped: each option is a word that one can write.
func (t *turn) word(key string, args []any, options ...string) {
	m := render.Message{Lines: []string{t.T(key, args...)}}
	for _, o := range options {
		text := t.T("talk." + o)
		m.Options = append(m.Options, render.Option{Text: text, Send: text})
	}
	t.tell(m)
}

// T gives a sentence in the reader's language.
func (t *turn) T(key string, args ...any) string { return t.x.f.T(t.r, key, args...) }

// present says what the case shows now, unless that is what was said last. first stands above it.
func (t *turn) present(anew bool, first string) {
	v := t.shown.View
	if t.shown.Case.No == "" || moving(v) {
		return
	}
	key := render.Key(v, t.memo.Talk, t.r.Lang)
	if !anew && key == t.memo.Said {
		return
	}
	m := render.Show(v, t.memo.Talk, t.r.Lang, t.x.f.Clock().Now())
	if first != "" {
		m.Lines = append([]string{first}, m.Lines...)
	}
	m.Options = slices.DeleteFunc(m.Options, func(o render.Option) bool {
		if _, here := t.x.c.Shelf.Offer(t.shown.Case.City, o.Service); o.Service == "" || here {
			return false
		}
		m.Links = append(m.Links, render.Link{Text: o.Text, Kind: render.LinkPage, Href: "/city/" + t.city.Slug + "/services/" + o.Service}) // which says who does it
		return true
	})
	for i := range m.Links {
		m.Links[i].Href = t.address(m.Links[i])
	}
	m.Links = append(m.Links, t.remedies()...)
	t.tell(m)
	if t.memo.Talk.Step != v.Step {
		t.memo.Talk = render.Talk{Step: v.Step}
	}
	t.memo.Talk.Offered, t.memo.Said = m.Offered, key
}

// remedies lead to the pages on which one objects to how a case ended: a talk has none of its own.
func (t *turn) remedies() (list []render.Link) {
	at := "/cases/" + t.shown.Case.No
	if o := t.shown.Objection; o != nil && o.Open {
		list = append(list, render.Link{Text: t.T("talk.appeal"), Kind: render.LinkPage, Href: at + "/appeal"})
	}
	if a := t.shown.Amending; a != nil && a.Open {
		list = append(list, render.Link{Text: t.T("talk.amend"), Kind: render.LinkPage, Href: at + "/amend"})
	}
	return list
}

// address is where a link of the present case leads; the ways to prove and to pay are found when they are drawn.
func (t *turn) address(k render.Link) string {
	no, v := t.shown.Case.No, t.shown.View
	switch k.Kind {
	case render.LinkReceipt:
		return "/cases/" + no + "/receipt"
	case render.LinkStep:
		if v.Kind == service.ViewWait {
			return "/cases/" + no
		}
		return "/cases/" + no + "/steps/" + v.Step
	case render.LinkAway, render.LinkPage:
		return k.Href
	}
	return ""
}

// keep saves what was said; fault.Conflict "talk.moved" when somebody was quicker.
func (t *turn) keep() error {
	raw, err := json.Marshal(t.memo)
	if err != nil {
		return err
	}
	kept, err := t.x.c.Messages.Say(t.r.Context(), t.r.Actor, t.cookie, t.a.ID, message.Turn{
		Seen: t.talk.Last, Case: t.talk.Case, Memo: seal.Plain(string(raw)), Lines: t.said, Key: t.key,
	})
	if err != nil {
		return err
	}
	t.past = append(t.past, t.said...)
	t.talk, t.said, t.key = kept, nil, ""
	return nil
}

// moving reports whether the house itself is about to change what is seen.
func moving(v service.View) bool {
	return v.Kind == service.ViewWait && !v.Down && !v.Stuck && !v.Long || v.Kind == service.ViewPay && v.PayURL == "" && !v.Retry
}

// settle waits a moment for the case to move on.
func (t *turn) settle() error {
	if !t.running() || !moving(t.shown.View) {
		return nil
	}
	most := settleFor
	if t.post != nil { // who wrote is not told by itself: it is worth to wait nearly as long as they can
		most = t.post.By.Sub(t.x.f.Clock().Now()) - saving
	}
	_, err := door.Until(t.r.Context(), most, func(ctx context.Context) (bool, error) {
		shown, err := t.x.c.Cases.Show(ctx, t.who(), t.talk.Case, "")
		if err == nil {
			t.shown = shown
		}
		return err == nil && !moving(shown.View), err
	})
	return err
}

// offers lists what the account offers in its city.
func (t *turn) offers() []service.Offer {
	return slices.DeleteFunc(slices.Clone(t.x.c.Shelf.Offers(t.city.Code)), func(o service.Offer) bool { return o.Account != t.a.Alias })
}
