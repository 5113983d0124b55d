package me

import (
	"context"
	"net/http"
	"strings"
	"time"

	"zhijian/domain/message"
	"zhijian/door"
	"zhijian/ground/clock"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
	"zhijian/ground/money"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// sender is who a message is from, as it is shown.
type sender struct{ name, sign string }

// messages lists the notes of accounts, newest first. Opening the list reads them: what was unread is marked this once.
func (m *Me) messages(w http.ResponseWriter, r *door.Request) error {
	after, err := cursor.Parse(r.Query("after"))
	if err != nil {
		return err
	}
	list, err := m.c.Messages.List(r.Context(), r.Actor, 0, after, perPage)
	if err != nil {
		return err
	}
	title := m.f.T(r, "me.messages")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "messages", true
	q := listPage{nav: component.Nav{Title: title, Back: orElse(m.f.Home(r), "/me")}, flash: m.f.Flash(w, r), title: title, tab: true}
	from := map[int64]sender{}
	for _, n := range list {
		if _, known := from[n.Account]; !known {
			if from[n.Account], err = m.sender(r.Context(), r, n.Account); err != nil {
				return err
			}
		}
		q.items = append(q.items, m.note(r, n, from[n.Account]))
		if n.Read.IsZero() && r.Method == http.MethodGet {
			if err := m.c.Messages.Read(r.Context(), r.Actor, n.ID); err != nil {
				return err
			}
		}
	}
	if len(list) == perPage {
		last := list[len(list)-1]
		q.pager.Next = "/me/messages?after=" + cursor.Cursor{At: clock.Millis(last.At), ID: last.ID}.String()
	}
	if after != (cursor.Cursor{}) {
		q.pager.Prev = "/me/messages"
	}
	if len(list) == 0 {
		q.empty = component.Empty{Title: m.f.T(r, "me.messages.none"), Text: m.f.T(r, "me.messages.none.help"), Button: component.Button{Text: m.f.T(r, "me.find"), Href: m.find(r)}}
	}
	return m.f.Render(w, r, http.StatusOK, p, listView(q))
}

// sender names an account; a message of the house, or of an account that is gone, is the platform's.
func (m *Me) sender(ctx context.Context, r *door.Request, id int64) (sender, error) {
	house := sender{m.f.T(r, "name"), m.f.T(r, "me.house.sign")}
	if id == 0 {
		return house, nil
	}
	a, err := m.c.Accounts.Account(ctx, id)
	if fault.Is(err, fault.KindNotFound) {
		return house, nil
	}
	if err != nil {
		return sender{}, err
	}
	s := sender{a.Name, orElse(a.Sign, string([]rune(a.Name)[:1]))}
	if r.Lang == "en" && a.En != "" {
		s.name = a.En
	}
	return s, nil
}

// note is a message as a row: who, when, what, and where it leads.
func (m *Me) note(r *door.Request, n message.Note, from sender) component.Item {
	it := component.Item{
		Above: from.name + "　" + say.Ago(r.Lang, n.At, m.f.Clock().Now()), Title: m.known(r, n.Title, "note.other"), Href: n.Link,
		Unread: n.Read.IsZero(), Avatar: &component.Avatar{Char: from.sign, Tone: "b", Size: "s"},
	}
	if text := n.Text.Reveal(); text != "" {
		it.Lines = append(it.Lines, text)
	}
	for _, row := range n.Rows {
		value := row.Value
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			value = say.Moment(r.Lang, t, m.f.Clock().Now())
		} else if f, err := money.Parse(value); err == nil && row.Label == "note.amount" {
			value = say.Money(r.Lang, f)
		}
		it.Lines = append(it.Lines, m.known(r, row.Label, "note.row")+"　"+value)
	}
	return it
}

// known is the sentence of a key that another room chose; one this book does not hold gives a general one.
func (m *Me) known(r *door.Request, key, otherwise string) string {
	if text := m.f.T(r, key); !strings.HasPrefix(text, "⟨") {
		return text
	}
	return m.f.T(r, otherwise)
}
