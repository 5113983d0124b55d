package identity

import (
	"strconv"
	"time"

	"zhijian/ground/budget"
)

// Limits are the room's settings. A zero field means its default; security.md T09, T10, T13 and part 8.
type Limits struct {
	CodeLife  time.Duration // how long a code lives; default 5 minutes
	CodeTries int           // wrong tries that kill a code; default 5

	CodePause     time.Duration // least time between two codes to one phone; default 60 s
	CodePhoneHour int           // codes to one phone in an hour, from strangers and from each browser it knows; default 5
	CodePhoneDay  int           // the same in a day; default 10
	CodeClient    int           // codes asked for by one client in an hour; default 20
	CodeAll       int           // codes of the whole house in an hour; default 20,000

	WrongPhone  int // wrong codes for one phone in an hour, from strangers and from each browser it knows; default 10
	WrongClient int // wrong codes from one client in an hour; default 60

	Proofs      int           // tries at each kind of proof in a day, per resident, number and card; default 3
	ProofsPlate int           // failed tries at one plate in a day, by anybody; default 5
	ProofCalls  int           // proofs of one resident in a day that may ask offices at all; default 30
	MinProof    time.Duration // least time a failed proof takes, so that it tells nothing; default 300 ms, negative for none

	SessionIdle time.Duration // a session ends this long after its last use; default 30 days
	SessionLife time.Duration // and this long after signing in, however used; default 180 days
}

func (l Limits) withDefaults() Limits {
	number := func(p *int, v int) {
		if *p <= 0 {
			*p = v
		}
	}
	span := func(p *time.Duration, v time.Duration) {
		if *p == 0 {
			*p = v
		}
	}
	number(&l.CodeTries, 5)
	number(&l.CodePhoneHour, 5)
	number(&l.CodePhoneDay, 10)
	number(&l.CodeClient, 20)
	number(&l.CodeAll, 20_000)
	number(&l.WrongPhone, 10)
	number(&l.WrongClient, 60)
	number(&l.Proofs, 3)
	number(&l.ProofsPlate, 5)
	number(&l.ProofCalls, 30)
	span(&l.CodeLife, 5*time.Minute)
	span(&l.CodePause, time.Minute)
	span(&l.MinProof, 300*time.Millisecond)
	span(&l.SessionIdle, 30*24*time.Hour)
	span(&l.SessionLife, 180*24*time.Hour)
	return l
}

const day = 24 * time.Hour

// draw is one budget to be spent for one target.
type draw struct {
	budget budget.Budget
	target string
}

// purseOf says whose budgets a code and a wrong one are charged to: those of a phone that all strangers share, or, with a
// mark, those of a browser that the phone knows.
type purseOf struct{ phone, mark string }

// draw is a budget of codes or wrong codes.
func (o purseOf) draw(what, span string, limit int, window time.Duration) draw {
	sort, target := "phone", o.phone
	if o.mark != "" {
		sort, target = "known", o.phone+"\x00"+o.mark
	}
	return draw{budget.Budget{Name: what + "." + sort + "." + span, Limit: limit, Window: window}, target}
}

// codeDraws lists what a code costs, the client first: who pumps texts to many phones runs
// dry before the phones' own budgets do.
func (l Limits) codeDraws(of purseOf, client string) []draw {
	return []draw{
		{budget.Budget{Name: "code.client.hour", Limit: l.CodeClient, Window: time.Hour}, client},
		of.draw("code", "hour", l.CodePhoneHour, time.Hour),
		of.draw("code", "day", l.CodePhoneDay, day),
		{budget.Budget{Name: "code.all.hour", Limit: l.CodeAll, Window: time.Hour}, ""},
	}
}

// pauseDraw is the least time between two codes for a target of a sort: "phone", or "browser" for a phone in one.
func (l Limits) pauseDraw(sort, target string) draw {
	return draw{budget.Budget{Name: "code." + sort + ".minute", Limit: 1, Window: l.CodePause}, target}
}

// wrongDraws lists what a wrong code costs.
func (l Limits) wrongDraws(of purseOf, client string) []draw {
	return []draw{
		{budget.Budget{Name: "code.wrong.client.hour", Limit: l.WrongClient, Window: time.Hour}, client},
		of.draw("code.wrong", "hour", l.WrongPhone, time.Hour),
	}
}

// knownDraw is the budget whose spends remember in which browsers a phone signed in.
func (l Limits) knownDraw(phone, mark string) draw {
	return draw{budget.Budget{Name: "code.known", Limit: 1000, Window: 180 * day}, phone + "\x00" + mark}
}

// proofDraw is one try at a kind of proof ("name", "card", "vehicle") for a target of a sort.
func (l Limits) proofDraw(kind, sort, target string) draw {
	return draw{budget.Budget{Name: "proof." + kind + "." + sort + ".day", Limit: l.Proofs, Window: day}, target}
}

// callDraw is one asking of offices for a resident.
func (l Limits) callDraw(resident int64) draw {
	return draw{budget.Budget{Name: "proof.calls.day", Limit: l.ProofCalls, Window: day}, strconv.FormatInt(resident, 10)}
}

// plateDraw is one failed try at a plate.
func (l Limits) plateDraw(plate string) draw {
	return draw{budget.Budget{Name: "proof.vehicle.plate.day", Limit: l.ProofsPlate, Window: day}, plate}
}
