package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"

	"zhijian/api"
	"zhijian/catalog"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ui/asset"
	"zhijian/ui/chat"
	"zhijian/web/frame"
	"zhijian/web/steps"
	"zhijian/web/words"
)

// channelsOf gives the ways in which residents meet a case, by name: each view is drawn by its renderer, and an answer reaches the house only
// as that renderer lets it be entered.
func channelsOf(ctx context.Context, watch clock.Clock) (map[string]func(service.Offer) service.Channel, error) {
	pages, err := sketch(watch)
	if err != nil {
		return nil, err
	}
	return map[string]func(service.Offer) service.Channel{
		"page": func(o service.Offer) service.Channel {
			return func(v service.View, want map[string][]string) (map[string][]string, error) {
				if v.Kind == service.ViewProve {
					return want, nil // the pages of identity stand there
				}
				for _, lang := range []string{"en", ""} {
					page, err := pages.Page(ctx, o, v, lang, dayOf(v, want), watch.Now())
					if err != nil {
						return nil, fmt.Errorf("page: %w", err)
					}
					if want, err = entered(page, want); err != nil {
						return nil, fmt.Errorf("page %s: %w", lang, err)
					}
				}
				return want, nil
			}
		},
		"api": func(service.Offer) service.Channel { return overAPI },
		"chat": func(service.Offer) service.Channel {
			return func(v service.View, want map[string][]string) (map[string][]string, error) {
				return talked(v, want, watch.Now())
			}
		},
	}, nil
}

func sketch(watch clock.Clock) (*steps.Sketch, error) {
	regions, err := region.Load(catalog.FS)
	if err != nil {
		return nil, err
	}
	assets, err := asset.New()
	if err != nil {
		return nil, err
	}
	book, err := words.Open(steps.Words())
	if err != nil {
		return nil, err
	}
	f, err := frame.New(frame.Config{Regions: regions, Assets: assets, Unread: nobody{}, Words: book, Clock: watch, Demo: true})
	if err != nil {
		return nil, err
	}
	return steps.NewSketch(f, regions), nil
}

// nobody has no letters.
type nobody struct{}

func (nobody) Unread(context.Context, actor.Actor) (int, error) { return 0, nil }

// input is one thing a page lets a resident fill in or pick.
type input struct {
	values []string // of radios, checkboxes and selects; nil for text
	many   bool
}

// dayOf is the day of the calendar that has the wanted place, "" for other views.
func dayOf(v service.View, want map[string][]string) string {
	for _, d := range v.Days {
		if slices.ContainsFunc(d.Slots, func(s service.SlotView) bool { return slices.Contains(want[v.Name], s.ID) }) {
			return d.Date
		}
	}
	return ""
}

// entered gives what a page's form sends when a resident fills in what they want.
func entered(page string, want map[string][]string) (map[string][]string, error) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	inputs, heading := map[string]*input{}, false
	for n := range root.Descendants() {
		heading = heading || n.Data == "h1"
		if name := attribute(n, "name"); name != "" && n.Type == html.ElementNode {
			in := inputs[name]
			if in == nil {
				in = &input{}
				inputs[name] = in
			}
			in.add(n)
		}
	}
	if !heading {
		return nil, errors.New("the page has no heading")
	}
	for name, values := range want {
		in := inputs[name]
		switch {
		case in == nil && len(values) > 0:
			return nil, fmt.Errorf("there is no input %q", name)
		case in == nil:
		case len(values) > 1 && !in.many:
			return nil, fmt.Errorf("input %q takes one value", name)
		case in.values != nil:
			for _, v := range values {
				if !slices.Contains(in.values, v) {
					return nil, fmt.Errorf("input %q cannot be %q", name, v)
				}
			}
		}
	}
	return want, nil
}

func (in *input) add(n *html.Node) {
	switch kind := attribute(n, "type"); {
	case n.Data == "input" && (kind == "radio" || kind == "checkbox"):
		in.values, in.many = append(in.values, attribute(n, "value")), in.many || kind == "checkbox"
	case n.Data == "button":
		in.values = append(in.values, attribute(n, "value"))
	case n.Data == "select":
		for o := range n.Descendants() {
			if o.Data == "option" {
				in.values = append(in.values, attribute(o, "value"))
			}
		}
	case n.Data == "input" && kind == "file":
		in.many = true // one after the other
	case n.Data == "input" || n.Data == "textarea":
		in.values = nil // beside a list, something else can be typed
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// overAPI sends the view as JSON and takes the answers that a program can make of what it reads there.
func overAPI(v service.View, want map[string][]string) (map[string][]string, error) {
	b, err := json.Marshal(api.ViewOf(v))
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	var got api.View
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	for name, values := range want {
		if len(values) == 0 {
			continue
		}
		offered, ok := offeredOver(got, name)
		if !ok {
			return nil, fmt.Errorf("api: the view has no %q", name)
		}
		for _, value := range values {
			if offered != nil && !slices.Contains(offered, value) {
				return nil, fmt.Errorf("api: %q cannot be %q", name, value)
			}
		}
	}
	return want, nil
}

// offeredOver gives the values that a view offers for an input; nil for what is typed freely.
func offeredOver(v api.View, name string) (values []string, ok bool) {
	for _, f := range v.Fields {
		if f.Name != name {
			continue
		}
		if f.Type == "choice" || f.Type == "whom" || f.Type == "person" {
			for _, o := range f.Options {
				values = append(values, o.Value)
			}
		}
		return values, true
	}
	if p := v.Repeat; p != nil && p.Name == name {
		return []string{"more", "done"}, true
	}
	if v.Name != name {
		return nil, false
	}
	for _, i := range v.Items {
		values = append(values, i.Value)
	}
	for _, d := range v.Days {
		for _, s := range d.Slots {
			values = append(values, s.ID)
		}
	}
	return values, true
}

// talked writes what a resident would write in a chat to answer what they are shown, and gives what the chat makes of it.
func talked(v service.View, want map[string][]string, now time.Time) (map[string][]string, error) {
	talk := chat.Talk{}
	for range 60 {
		m := chat.Show(v, talk, "", now)
		if m.Title == "" && len(m.Lines) == 0 && len(m.Rows) == 0 {
			return nil, fmt.Errorf("chat: nothing is said at %s", v.Step)
		}
		if want == nil {
			return nil, nil
		}
		text, err := typed(v, m, talk, want)
		if err != nil {
			return nil, err
		}
		h := chat.Hear(v, talk, text, "")
		switch h.Move {
		case chat.MoveAnswer:
			return h.Values, nil
		case chat.MoveTalk:
			talk = h.Talk
		default:
			return nil, fmt.Errorf("chat: %q was heard as %s at %s: %s", text, h.Move, v.Step, h.Say)
		}
	}
	return nil, fmt.Errorf("chat: step %s does not end", v.Step)
}

// typed is the next thing the resident writes.
func typed(v service.View, m chat.Message, talk chat.Talk, want map[string][]string) (string, error) {
	switch v.Kind {
	case service.ViewForm:
		for _, f := range chat.Questions(v, "") {
			if _, done := talk.Values[f.Name]; done {
				continue
			}
			values := want[f.Name]
			if len(values) == 0 {
				if f.Optional {
					return "跳过", nil
				}
				return "", fmt.Errorf("chat: %q needs an answer", f.Name)
			}
			if i := slices.IndexFunc(f.Options, func(o service.Option) bool { return o.Value == values[0] }); i >= 0 {
				return strconv.Itoa(i + 1), nil
			}
			return values[0], nil
		}
	case service.ViewChoose:
		var numbers []string
		for _, value := range want[v.Name] {
			i := slices.IndexFunc(v.Items, func(it service.Item) bool { return it.Value == value })
			if i < 0 {
				return "", fmt.Errorf("chat: nothing to choose is %q", value)
			}
			numbers = append(numbers, strconv.Itoa(i+1))
		}
		return strings.Join(numbers, " "), nil
	case service.ViewBook:
		return picked(v, talk, want[v.Name])
	}
	if len(m.Options) == 0 {
		return "", fmt.Errorf("chat: step %s offers nothing to write", v.Step)
	}
	return m.Options[0].Send, nil
}

// picked writes the number of the day that has the place, then that of its time.
func picked(v service.View, talk chat.Talk, want []string) (string, error) {
	day, time := 0, 0
	for _, d := range v.Days {
		if d.Left == 0 {
			continue
		}
		day, time = day+1, 0
		for _, s := range d.Slots {
			if s.Left == 0 {
				continue
			}
			time++
			if !slices.Contains(want, s.ID) {
				continue
			}
			if talk.Day == "" {
				return strconv.Itoa(day), nil
			}
			return strconv.Itoa(time), nil
		}
	}
	return "", fmt.Errorf("chat: the calendar has no place %v", want)
}
