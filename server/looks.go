package server

import (
	"context"
	"strings"

	"zhijian/domain/account"
	"zhijian/domain/cases"
	"zhijian/domain/department"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store"
	"zhijian/ui/wording"
	"zhijian/web/me"
)

// looks tell residents who of the staff read their cases (security.md T42).
type looks struct {
	store       store.Looks
	accounts    *account.Desk
	departments *department.Desk
}

// mostLooks is how many a resident is shown.
const mostLooks = 50

func (h *House) looks() looks {
	return looks{store: store.Looks{DB: h.db}, accounts: h.rooms.account, departments: h.rooms.department}
}

func (looks) names() []string {
	return []string{cases.ReadEvent{}.EventName(), cases.ClaimedEvent{}.EventName()}
}

// on keeps a look, and gives those at a visitor's case to the resident who claims it.
func (l looks) on(ctx context.Context, e event.Event) error {
	var r cases.ReadEvent // a claim has a part of its fields
	if err := e.Decode(&r); err != nil {
		return err
	}
	if e.Name == r.EventName() {
		return l.store.Add(ctx, store.Look{
			ID: e.ID, Resident: r.Resident, At: e.At, No: r.No, Account: e.Meta.Account,
			Operator: strings.HasPrefix(e.Meta.Actor, string(actor.Operator)), Purpose: r.Purpose,
		})
	}
	return l.store.Claim(ctx, r.No, r.Resident)
}

// Looks implements me.Looks.
func (l looks) Looks(ctx context.Context, a actor.Actor) (list []me.Look, err error) {
	defer fault.Wrap(&err, "list looks at %s", a)
	if a.Kind != actor.Resident || a.ID == 0 {
		return nil, fault.Denied("session", "请先登录")
	}
	kept, err := l.store.Of(ctx, a.ID, mostLooks)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, k := range kept {
		who := wording.T(a.Lang, "name")
		if !k.Operator {
			if _, known := names[k.Account]; !known {
				if names[k.Account], err = l.department(ctx, k.Account, a.Lang); err != nil {
					return nil, err
				}
			}
			who = names[k.Account]
		}
		list = append(list, me.Look{At: k.At, Who: who, Purpose: k.Purpose, Case: k.No})
	}
	return list, nil
}

// department names the department that runs an account.
func (l looks) department(ctx context.Context, id int64, lang string) (string, error) {
	a, err := l.accounts.Account(ctx, id)
	if err != nil {
		return "", err
	}
	d, err := l.departments.Department(ctx, a.Department)
	if lang == wording.English && d.En != "" {
		return d.En, err
	}
	return d.Name, err
}
