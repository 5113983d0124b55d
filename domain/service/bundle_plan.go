package service

import (
	"slices"
	"time"
)

// Standing is where one member of a running bundle is.
type Standing string

// The standings. What a bundle keeps of a member is one of "", opening, open, done, failed and skipped; the others follow.
const (
	MemberAbsent  Standing = "absent"  // not part of the matter: the city does not offer it, or its condition does not hold
	MemberSkipped Standing = "skipped" // the resident does not want it
	MemberWaits   Standing = "waits"   // for another member
	MemberBlocked Standing = "blocked" // what it waits for was not done
	MemberReady   Standing = "ready"   // may begin
	MemberOpening Standing = "opening" // its case is being opened
	MemberOpen    Standing = "open"    // its case is under way
	MemberDone    Standing = "done"
	MemberFailed  Standing = "failed" // refused, withdrawn or run out
)

// Kept reports whether a bundle remembers the standing; the others are worked out.
func (s Standing) Kept() bool {
	switch s {
	case "", MemberOpening, MemberOpen, MemberDone, MemberFailed, MemberSkipped:
		return true
	}
	return false
}

// moving reports whether something will still come of a member without the resident beginning it anew.
func (s Standing) moving() bool {
	switch s {
	case MemberReady, MemberOpening, MemberOpen, MemberWaits:
		return true
	}
	return false
}

// Step is one member as it stands in a plan.
type Step struct {
	Member
	Standing Standing
	For      []string // waits, blocked: the members that it is because of
}

// Plan is how a whole bundle stands.
type Plan struct {
	Steps []Step // in the order of the definition, without those that are absent
	// Moving is true while some member is under way, may begin or waits for one that is. Done is true when there is nothing left
	// and nothing failed or is blocked.
	Moving, Done bool
}

// Step finds a member in the plan; false when it is not part of the matter.
func (p Plan) Step(id string) (Step, bool) {
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, false
	}
	return p.Steps[i], true
}

// Ready lists the members that may begin now.
func (p Plan) Ready() []string { return p.in(MemberReady) }

// Open lists the members under way.
func (p Plan) in(want Standing) []string {
	var out []string
	for _, s := range p.Steps {
		if s.Standing == want {
			out = append(out, s.ID)
		}
	}
	return out
}

// Plan works out where every member stands from what was answered and what is kept of the members. It is pure: the same arguments give the
// same plan, in whatever order what is kept came about. A member waits while something that it comes after still moves; it is blocked when
// something that must be done will not be; what is absent or skipped holds up nobody.
func (b *Bundle) Plan(s State, env Env, offers Offers, kept map[string]Standing) (Plan, error) {
	at := map[string]Standing{}
	why := map[string][]string{}
	for _, m := range b.Members {
		applies, err := b.Applies(m, s, env, offers)
		if err != nil {
			return Plan{}, err
		}
		switch k := kept[m.ID]; {
		case k == MemberOpening, k == MemberOpen, k == MemberDone, k == MemberFailed:
			at[m.ID] = k // what began stays, whatever a city does to its offers
		case !applies:
			at[m.ID] = MemberAbsent
		default:
			at[m.ID] = k
		}
	}
	for _, m := range b.Members {
		b.settle(m, at, why)
	}
	p := Plan{Done: true}
	for _, m := range b.Members {
		st := at[m.ID]
		if st == MemberAbsent {
			continue
		}
		p.Steps = append(p.Steps, Step{Member: m, Standing: st, For: why[m.ID]})
		p.Moving = p.Moving || st.moving()
		p.Done = p.Done && (st == MemberDone || st == MemberSkipped)
	}
	return p, nil
}

// settle works out one member that nothing is kept of, those it comes after first; there are no cycles in a definition that loads.
func (b *Bundle) settle(m Member, at map[string]Standing, why map[string][]string) {
	if at[m.ID] != "" {
		return
	}
	for _, e := range m.After {
		before, _ := b.Member(e.Member)
		b.settle(before, at, why)
	}
	var waits, blocks []string
	for _, e := range m.After {
		switch st := at[e.Member]; {
		case st.moving():
			waits = append(waits, e.Member)
		case !e.Ended && (st == MemberFailed || st == MemberBlocked):
			blocks = append(blocks, e.Member)
		}
	}
	switch {
	case len(blocks) > 0:
		at[m.ID], why[m.ID] = MemberBlocked, blocks
	case len(waits) > 0:
		at[m.ID], why[m.ID] = MemberWaits, waits
	default:
		at[m.ID] = MemberReady
	}
}

// Saving is what doing the members together spares, computed from their definitions.
type Saving struct {
	Members int
	// Asked is how many shared questions there are, AskedApart how many the services would ask one by one.
	Asked, AskedApart int
	// Needs is what to have ready, each once; NeedsApart is how many times the services would want something.
	Needs      []Need
	NeedsApart int
	// Days is how long the longest way through takes by what is promised, DaysApart how long one after the other.
	Days, DaysApart time.Duration
	// Visits is how many members have one go somewhere.
	Visits int
}

// Saves computes the saving for the members that wanted picks; nil picks all that the city offers, whatever their conditions.
func (b *Bundle) Saves(city string, offers Offers, wanted func(Member) bool) Saving {
	var out Saving
	asked, ends := map[string]bool{}, map[string]time.Duration{}
	for _, m := range b.inOrder() {
		start := time.Duration(0)
		for _, e := range m.After {
			start = max(start, ends[e.Member])
		}
		ends[m.ID] = start
		o, ok := offers.Offer(city, m.Service)
		if !ok || wanted != nil && !wanted(m) {
			continue
		}
		d := o.Definition
		out.Members++
		out.AskedApart += len(m.give)
		for _, g := range m.give {
			for name := range b.asks {
				if slices.Contains(g.e.refs, name) || slices.Contains(g.e.refs, "answers."+name) {
					asked[name] = true
				}
			}
		}
		for _, n := range d.Needs {
			out.NeedsApart++
			if !slices.ContainsFunc(out.Needs, func(have Need) bool { return have.Text.Zh == n.Text.Zh }) {
				out.Needs = append(out.Needs, n)
			}
		}
		ends[m.ID] += d.Promise.Done
		out.DaysApart += d.Promise.Done
		out.Days = max(out.Days, ends[m.ID])
		if d.How == "window" {
			out.Visits++
		}
	}
	out.Asked = len(asked)
	return out
}

// inOrder lists the members so that each stands behind what it comes after.
func (b *Bundle) inOrder() []Member {
	var out []Member
	seen := map[string]bool{}
	var add func(m Member)
	add = func(m Member) {
		if seen[m.ID] {
			return
		}
		seen[m.ID] = true
		for _, e := range m.After {
			before, _ := b.Member(e.Member)
			add(before)
		}
		out = append(out, m)
	}
	for _, m := range b.Members {
		add(m)
	}
	return out
}
