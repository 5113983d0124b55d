package service

// Stand is where a case is, in one word, for lists and for choosing what to tell.
type Stand string

// The stands; the words are those of cases.State.
const (
	StandDraft     Stand = "draft"     // the resident is answering
	StandAsking    Stand = "asking"    // an office is being asked
	StandPaying    Stand = "paying"    // the resident may pay
	StandFiling    Stand = "filing"    // with the office
	StandReviewing Stand = "reviewing" // a member of staff decides
	StandSupplying Stand = "supplying" // the resident was asked for more
	StandRecalling Stand = "recalling" // the resident takes it back, and the office is asked to let go
	StandRefunding Stand = "refunding" // places or money on their way back
	StandStuck     Stand = "stuck"     // a person must look
	StandDone      Stand = "done"      // ended as wished
	StandAnswered  Stand = "answered"  // ended with an answer
	StandRefused   Stand = "refused"   // the office said no, or a budget is used up
	StandWithdrawn Stand = "withdrawn" // the resident took it back
)

// Stand tells where a state is.
func (d *Definition) Stand(s State) Stand {
	d.whole()
	if s.End != "" {
		return d.ended(s.End)
	}
	if s.Stuck {
		return StandStuck
	}
	switch s.Phase {
	case phaseAsking:
		return StandAsking
	case phaseOrdering, phasePaying, phaseClosed, phaseCancelling:
		return StandPaying
	case phaseFiling, phaseTracing, phaseVoiding, phaseWaiting:
		return StandFiling
	case phaseReviewing:
		return StandReviewing
	case phaseRecalling:
		return StandRecalling
	case phaseRefunding:
		return StandRefunding
	case phaseReleasing, phaseConfirming:
		if s.Recall != nil {
			return StandRecalling
		}
		if i, ok := d.index[s.Step]; ok && d.steps[i].kind == kindSubmit {
			return StandFiling
		}
	}
	if s.More != "" {
		return StandSupplying
	}
	return StandDraft
}

func (d *Definition) ended(end string) Stand {
	if end == EndWithdrawn {
		return StandWithdrawn
	}
	if end == EndRefused || end == EndLimited {
		return StandRefused
	}
	i, ok := d.index[end]
	switch {
	case ok && d.steps[i].denied:
		return StandRefused
	case ok && d.steps[i].good && d.acts():
		return StandDone
	}
	return StandAnswered
}

// acts reports whether the service does something with an office, staff, money or places, not only ask.
func (d *Definition) acts() bool {
	for _, st := range d.steps {
		if st.kind == kindSubmit || st.kind == kindPay || st.kind == kindReview || st.kind == kindBook {
			return true
		}
	}
	return false
}

// Summary is one masked line about a case for lists: what was chosen or asked. Empty while there is
// nothing to say.
func (d *Definition) Summary(s State, env Env) string {
	r := d.run(s, env)
	w := &writer{run: r, sc: r.scene()}
	for _, st := range d.steps {
		if st.kind != kindChoose {
			continue
		}
		switch v := s.Answers[st.answer.id].(type) {
		case []any:
			if len(v) == 0 {
				continue
			}
			first := st.item.title.in(w.sc.with(v[0]))
			if len(v) == 1 {
				return first
			}
			return phrased(env.Lang, "and_more", first, len(v))
		case map[string]any:
			return st.item.title.in(w.sc.with(v))
		}
	}
	return ""
}
