package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// progress answers how far a thing has come: its stages are reached as time goes on.
type progress struct {
	keyed  `yaml:",inline"`
	Stages []stage
	Answer map[string]any // what else is told
}

// stage is reached so many hours after the beginning.
type stage struct {
	Name  string
	Place string // where, for parcels
	Hours int
}

func (p *progress) takes() string { return p.inputs() }

func (p *progress) gives() string {
	own := slices.Sorted(maps.Keys(p.Answer))
	return strings.Join(append([]string{"known, state, finished, due (day), stages[{name, done, at}], events[{name, place, at}], as_of"}, own...), ", ")
}

func (p *progress) answer(b *bureau, call string, in question) (data, error) {
	s, ok, err := p.find(b, in)
	if none := s.nothing && p.Key == ""; err != nil || !ok || none || len(p.Stages) == 0 {
		return unknown(in), err
	}
	out, err := b.maker(s, call, in).object(p.Answer)
	if err != nil {
		return nil, err
	}
	begin := p.begin(b, s, in)
	state, stages, events := "", []data{}, []data{}
	for _, g := range p.Stages {
		at := begin.Add(time.Duration(g.Hours) * time.Hour)
		row := data{"name": g.Name, "done": !at.After(in.at), "at": stamp(at)}
		if !at.After(in.at) {
			state = g.Name
			events = append(events, data{"name": g.Name, "place": g.Place, "at": stamp(at)})
		} else {
			row["at"] = "" // when it will be is not promised
		}
		stages = append(stages, row)
	}
	slices.Reverse(events) // newest first
	last := begin.Add(time.Duration(p.Stages[len(p.Stages)-1].Hours) * time.Hour)
	out["known"], out["as_of"], out["state"], out["finished"] = true, stamp(in.at), state, !last.After(in.at)
	out["due"], out["stages"], out["events"] = last.In(clock.Shanghai).Format(time.DateOnly), stages, events
	return out, nil
}

// begin is between now and two thirds of the whole way before the world began, so that things stand at every stage
// and go on while the world runs. A number with
// nothing in it has begun this moment.
func (p *progress) begin(b *bureau, s subject, in question) time.Time {
	if s.nothing {
		return in.at
	}
	whole := max(p.Stages[len(p.Stages)-1].Hours, 1)
	return b.began.Add(-time.Duration(1+int(hashed(b.name+s.key)%uint64(max(whole*2/3, 1)))) * time.Hour)
}

// queue answers how many wait before somebody. The turn of each comes once an hour, so that the
// position moves at every time of the day.
type queue struct {
	keyed   `yaml:",inline"`
	Minutes int // that one takes
	Answer  map[string]any
	// Booked is the office whose calendar says where somebody waits today: members of the answer get the names and notes of its levels.
	// Who has booked nothing there waits where Answer says.
	Booked *bookedAt
}

type bookedAt struct {
	Office string
	Names  []string // a member for each level, "" for none
	Notes  []string
}

// tell puts what the person has booked for today into an answer.
func (at *bookedAt) tell(b *bureau, s subject, in question, out data) error {
	o := b.peer(at.Office)
	if o == nil || o.visit == nil {
		return fmt.Errorf("no office %q gives times away", at.Office)
	}
	names, notes := o.visit(b.folk.people[s.person].Phone, in.at)
	for i := range names {
		if i < len(at.Names) && at.Names[i] != "" {
			out[at.Names[i]] = names[i]
		}
		if i < len(at.Notes) && at.Notes[i] != "" {
			out[at.Notes[i]] = notes[i]
		}
	}
	return nil
}

func (q *queue) takes() string { return q.inputs() }

func (q *queue) gives() string {
	return strings.Join(append([]string{"known, number, now, ahead, minutes, called, as_of"}, slices.Sorted(maps.Keys(q.Answer))...), ", ")
}

func (q *queue) answer(b *bureau, call string, in question) (data, error) {
	s, ok, err := q.find(b, in)
	if err != nil || !ok || s.nothing {
		return unknown(in), err
	}
	out, err := b.maker(s, call, in).object(q.Answer)
	if err != nil {
		return nil, err
	}
	if q.Booked != nil {
		if err := q.Booked.tell(b, s, in, out); err != nil {
			return nil, err
		}
	}
	each := max(q.Minutes, 1)
	turn := int(hashed(b.name+s.key) % 60) // the minute of the hour
	left := (turn - in.at.In(clock.Shanghai).Minute() + 60) % 60
	ahead := left / each
	number := 1 + int(hashed(s.key+"number")%60) + 60/each
	out["known"], out["as_of"] = true, stamp(in.at)
	out["number"], out["now"] = fmt.Sprintf("%03d", number), fmt.Sprintf("%03d", number-ahead)
	out["ahead"], out["minutes"], out["called"] = ahead, left, ahead == 0
	return out, nil
}

// lottery answers whether an application has been drawn. A draw is held every other month on the 26th.
type lottery struct {
	keyed   `yaml:",inline"`
	Pool    int // applications in the pool
	Winners int // drawn each time
}

func (l *lottery) takes() string { return l.inputs() }

func (l *lottery) gives() string {
	return "known, valid, drawn, won, period, pool, winners, next (day), draws[{period, won}], as_of"
}

func (l *lottery) answer(b *bureau, _ string, in question) (data, error) {
	s, ok, err := l.find(b, in)
	if err != nil || !ok {
		return unknown(in), err
	}
	now := in.at.In(clock.Shanghai)
	next := nextDraw(now)
	draws, won := []data{}, false
	for k := 1; k <= 3 && !s.nothing; k++ {
		period := next.AddDate(0, -2*k, 0).Format("2006-01")
		// One in three, far more than in any real pool: whoever tries it should meet a winner.
		hit := !won && hashed(s.key+"drawn")%3 == 0 && k == 1
		won = won || hit
		draws = append(draws, data{"period": period, "won": hit})
	}
	return data{
		"known": true, "valid": !s.nothing, "drawn": true, "draw": "", "won": won, "period": next.AddDate(0, -2, 0).Format("2006-01"),
		"pool": l.Pool, "winners": l.Winners, "next": next.Format(time.DateOnly), "draws": draws, "as_of": stamp(in.at),
	}, nil
}

func nextDraw(now time.Time) time.Time {
	d := time.Date(now.Year(), now.Month(), 26, 0, 0, 0, 0, clock.Shanghai)
	for int(d.Month())%2 != 0 || !d.After(now) {
		d = time.Date(d.Year(), d.Month()+1, 26, 0, 0, 0, 0, clock.Shanghai)
	}
	return d
}
