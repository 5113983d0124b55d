package sandbox

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// maker makes the values of an answer from a profile's patterns (profiles/README.md). The same world,
// office, call and subject give the same values.
type maker struct {
	b       *bureau
	r       *rand.Rand
	at      time.Time // of the question
	words   *strings.Replacer
	person  int  // nobody when the subject is no person
	nothing bool // lists are empty
	index   int  // of the item in its list
}

// maker gives a maker for a subject. salt tells answers apart that shall differ: the call, or the hour.
func (b *bureau) maker(s subject, salt string, in question) *maker {
	words := []string{"{key}", s.key}
	if s.person != nobody {
		p := b.folk.people[s.person]
		words = append(words, "{name}", p.Name, "{masked}", "*"+ending(p.Name, 1), "{electricity}", p.Electricity)
		if b.Number != nil {
			words = append(words, "{number}", b.Number.of(s.person))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.with)) {
		words = append(words, "{in."+name+"}", in.text(name))
	}
	return &maker{
		b: b, r: rand.New(rand.NewPCG(uint64(b.seed), hashed(b.name+"|"+salt+"|"+s.key))), at: in.at.In(clock.Shanghai),
		words: strings.NewReplacer(words...), person: s.person, nothing: s.nothing,
	}
}

// make turns a pattern into a value. A mapping whose only key begins with $ is a rule, any other is
// an object of patterns; the members of an object are made in the order of their names.
func (m *maker) make(pattern any) (any, error) {
	switch p := pattern.(type) {
	case string:
		return m.words.Replace(p), nil
	case []any:
		out := make([]any, len(p))
		for i, e := range p {
			var err error
			if out[i], err = m.make(e); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		for word, arg := range p {
			if len(p) == 1 && strings.HasPrefix(word, "$") {
				return m.rule(word, arg)
			}
		}
		return m.object(p)
	case time.Time: // YAML reads a plain day as one
		return p.Format(time.DateOnly), nil
	}
	return pattern, nil
}

func (m *maker) object(p map[string]any) (data, error) {
	out := data{}
	for _, name := range slices.Sorted(maps.Keys(p)) {
		v, err := m.make(p[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = v
	}
	return out, nil
}

func (m *maker) rule(word string, arg any) (any, error) {
	switch word {
	case "$one":
		if list, ok := arg.([]any); ok && len(list) > 0 {
			return m.make(list[m.r.IntN(len(list))])
		}
	case "$int":
		if n, ok := m.between(arg); ok {
			return n, nil
		}
	case "$digits":
		if n, ok := arg.(int); ok && n > 0 && n < 19 {
			return fmt.Sprintf("%0*d", n, m.r.Int64N(tenTo(n))), nil
		}
	case "$day": // days from the day the world began
		if n, ok := m.between(arg); ok {
			return m.b.began.AddDate(0, 0, n).Format(time.DateOnly), nil
		}
	case "$time": // hours from the day the world began
		if n, ok := m.between(arg); ok {
			return stamp(m.b.began.Add(time.Duration(n) * time.Hour)), nil
		}
	case "$month": // months from the month the world began, one earlier for every further item
		if n, ok := m.between(arg); ok {
			first := m.b.began.AddDate(0, 0, 1-m.b.began.Day())
			return first.AddDate(0, n-m.index, 0).Format("2006-01"), nil
		}
	case "$on": // days from today
		if n, ok := m.between(arg); ok {
			return m.at.AddDate(0, 0, n).Format(time.DateOnly), nil
		}
	case "$at": // "3 19:30": the time three days from today
		return m.clockTime(arg)
	case "$owed":
		return m.owed(arg)
	case "$rush": // how a road flows now, by its weight
		if n, ok := m.between(arg); ok {
			return m.rush(n), nil
		}
	case "$list":
		return m.list(arg)
	case "$each":
		return m.each(arg)
	}
	return nil, fmt.Errorf("%s: %v is no pattern", word, arg)
}

func tenTo(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// between reads a whole number, or [low, high], or [low, high, step].
func (m *maker) between(arg any) (int, bool) {
	if n, ok := arg.(int); ok {
		return n, true
	}
	list, ok := arg.([]any)
	if !ok || len(list) < 2 || len(list) > 3 {
		return 0, false
	}
	n := []int{0, 0, 1}
	for i, e := range list {
		if n[i], ok = e.(int); !ok {
			return 0, false
		}
	}
	if n[1] < n[0] || n[2] < 1 {
		return 0, false
	}
	return n[0] + n[2]*m.r.IntN((n[1]-n[0])/n[2]+1), true
}

func (m *maker) clockTime(arg any) (any, error) {
	text, _ := arg.(string)
	days, hm, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(days)
	if err != nil {
		return nil, fmt.Errorf("$at: %v is not like \"3 19:30\"", arg)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", m.at.AddDate(0, 0, n).Format(time.DateOnly)+" "+hm, clock.Shanghai)
	if err != nil {
		return nil, fmt.Errorf("$at: %w", err)
	}
	return stamp(t), nil
}

// list makes {count, of}: count items of one pattern.
func (m *maker) list(arg any) (any, error) {
	p, ok := arg.(map[string]any)
	n, counted := 0, false
	if ok {
		n, counted = m.between(p["count"])
	}
	if !counted {
		return nil, fmt.Errorf("$list: %v has no count", arg)
	}
	if m.nothing {
		n = 0
	}
	out := make([]any, n)
	for i := range out {
		var err error
		m.index = i
		if out[i], err = m.make(p["of"]); err != nil {
			return nil, err
		}
	}
	m.index = 0
	return out, nil
}

// each makes {items, with}: every item, an object, with the members of with added to it.
func (m *maker) each(arg any) (any, error) {
	p, _ := arg.(map[string]any)
	items, ok := p["items"].([]any)
	with, also := p["with"].(map[string]any)
	if !ok || !also {
		return nil, fmt.Errorf("$each: %v has no items, or nothing to go with them", arg)
	}
	out := []any{}
	if m.nothing {
		return out, nil
	}
	for _, e := range items {
		item, ok := e.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("$each: %v is no object", e)
		}
		both := maps.Clone(item)
		maps.Copy(both, with)
		made, err := m.object(both)
		if err != nil {
			return nil, err
		}
		out = append(out, made)
	}
	return out, nil
}

// owed makes the person's open bills at other offices, as those tell them: [{office, kind, biller}].
func (m *maker) owed(arg any) (any, error) {
	out := []any{}
	billers, ok := arg.([]any)
	if !ok || m.person == nobody {
		return nil, fmt.Errorf("$owed: %v is no list of billers, or nobody is asked about", arg)
	}
	for _, e := range billers {
		at, _ := e.(map[string]any)
		name, _ := at["office"].(string)
		o := m.b.peer(name)
		if o == nil || o.accounts == nil {
			return nil, fmt.Errorf("$owed: no office %q keeps accounts", name)
		}
		own := o.accounts(m.b.folk.people[m.person].CitizenNumber)
		if len(own) == 0 || m.nothing {
			continue
		}
		told, err := o.calls["account.find"].do(question{call: "account.find", at: m.at, with: map[string]any{"account": own[0]}})
		if err != nil {
			return nil, err
		}
		items, _ := told["items"].([]data)
		for _, d := range items {
			out = append(out, data{"kind": at["kind"], "biller": at["biller"], "month": d["month"], "amount": d["amount"], "due": d["due"], "paid": false})
		}
	}
	return out, nil
}
