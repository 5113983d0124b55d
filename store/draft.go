package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"zhijian/domain/draft"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/store/sqldb"
)

// Drafts keeps the services that departments make themselves. Its field is required.
type Drafts struct{ DB *sqldb.DB }

var _ draft.Store = Drafts{}

const (
	draftColumns  = `id, service, department, city, account, state, live, turn, trial, trial_until, hands, acts, created, changed, rev, body, back_version, back_by, back_reason`
	draftByName   = `select ` + draftColumns + ` from draft where service = $1`
	draftByTrial  = `select ` + draftColumns + ` from draft where trial = $1 and trial <> ''`
	draftsOf      = `select ` + draftColumns + ` from draft where department = $1 or $1 = 0 order by changed desc, id desc limit $2`
	draftsShown   = `select ` + draftColumns + ` from draft where turn > 0 order by id`
	draftTurns    = `select coalesce(sum(turn), 0) from draft`
	insertDraft   = `insert into draft (` + draftColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) on conflict (service) do nothing`
	updateDraft   = `update draft set city = $1, account = $2, state = $3, live = $4, turn = $5, trial = $6, trial_until = $7, hands = $8, acts = $9, changed = $10, rev = $11, body = $12, back_version = $13, back_by = $14, back_reason = $15 where id = $16`
	editionsOf    = `select version, at, member, approver, back, body from draft_edition where draft = $1 order by version`
	insertEdition = `insert into draft_edition (draft, version, at, member, approver, back, body) values ($1, $2, $3, $4, $5, $6, $7) on conflict (draft, version) do nothing`
)

// Add implements draft.Store.
func (s Drafts) Add(ctx context.Context, d draft.Draft, events ...event.Body) error {
	hands, acts, err := draftLists(d)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertDraft, d.ID, d.Service, d.Department, d.City, d.Account, string(d.State), d.Live, d.Turn, d.Trial, draftTime(d.TrialUntil), hands, acts,
			clock.Millis(d.Created), clock.Millis(d.Changed), d.Rev, d.Text, d.Back.Version, d.Back.By, d.Back.Reason)
		if err != nil {
			return err
		}
		if n == 0 {
			return draft.Taken()
		}
		return tx.Append(draft.Key(d.ID), events...)
	})
}

// Draft implements draft.Store.
func (s Drafts) Draft(ctx context.Context, service string) (draft.Draft, error) {
	d, err := scanDraft(s.DB.QueryRow(ctx, draftByName, service))
	if err != nil {
		return draft.Draft{}, absent(err, noDraft())
	}
	return s.whole(ctx, d)
}

func noDraft() *fault.Error {
	return fault.NotFound("draft", "没有找到这项服务，可能不是本部门的")
}

// Change implements draft.Store.
func (s Drafts) Change(ctx context.Context, service string, rule func(*draft.Draft) ([]event.Body, error)) (draft.Draft, error) {
	var key string
	var kept int
	one, err := s.Draft(ctx, service) // the key of its events is the id, which never changes
	if err != nil {
		return draft.Draft{}, err
	}
	key = draft.Key(one.ID)
	return sqldb.Change(ctx, s.DB, key, func(tx *sqldb.Tx) (draft.Draft, error) {
		d, err := scanDraft(tx.QueryRow(draftByName+tx.ForUpdate(), service))
		if err != nil {
			return draft.Draft{}, absent(err, noDraft())
		}
		rows, err := tx.Query(editionsOf, d.ID)
		if err != nil {
			return draft.Draft{}, err
		}
		d.Editions, err = scanAll(rows, scanEdition)
		kept = len(d.Editions)
		return d, err
	}, rule, func(tx *sqldb.Tx, d *draft.Draft) error {
		hands, acts, err := draftLists(*d)
		if err != nil {
			return err
		}
		for _, e := range d.Editions[kept:] {
			if _, err := tx.Exec(insertEdition, d.ID, e.Version, clock.Millis(e.At), e.By, e.Approver, e.Back, e.Text); err != nil {
				return err
			}
		}
		_, err = tx.Exec(updateDraft, d.City, d.Account, string(d.State), d.Live, d.Turn, d.Trial, draftTime(d.TrialUntil), hands, acts, clock.Millis(d.Changed), d.Rev, d.Text, d.Back.Version, d.Back.By, d.Back.Reason,
			d.ID)
		return err
	})
}

// Of implements draft.Store.
func (s Drafts) Of(ctx context.Context, department int64, limit int) ([]draft.Draft, error) {
	rows, err := s.DB.Query(ctx, draftsOf, department, limit)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, scanDraft)
}

// OnTrial implements draft.Store.
func (s Drafts) OnTrial(ctx context.Context, trial string) (draft.Draft, error) {
	d, err := scanDraft(s.DB.QueryRow(ctx, draftByTrial, trial))
	return d, absent(err, fault.NotFound("draft.trial", "这个试办链接不能用了，请向做这项服务的同事要新的"))
}

// Shown implements draft.Store.
func (s Drafts) Shown(ctx context.Context) ([]draft.Draft, error) {
	rows, err := s.DB.Query(ctx, draftsShown)
	if err != nil {
		return nil, err
	}
	list, err := scanAll(rows, scanDraft)
	for i := range list {
		if err == nil {
			list[i], err = s.whole(ctx, list[i])
		}
	}
	return list, err
}

// Turns implements draft.Store.
func (s Drafts) Turns(ctx context.Context) (n int64, err error) {
	err = s.DB.QueryRow(ctx, draftTurns).Scan(&n)
	return n, err
}

// whole adds a draft's editions.
func (s Drafts) whole(ctx context.Context, d draft.Draft) (draft.Draft, error) {
	rows, err := s.DB.Query(ctx, editionsOf, d.ID)
	if err != nil {
		return draft.Draft{}, err
	}
	d.Editions, err = scanAll(rows, scanEdition)
	return d, err
}

func draftLists(d draft.Draft) (hands, acts string, err error) {
	h, err := json.Marshal(d.Hands)
	if err != nil {
		return "", "", err
	}
	a, err := json.Marshal(d.Acts)
	return string(h), string(a), err
}

// draftTime keeps a time that may not be set.
func draftTime(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Millis(t)
}

func scanDraft(row sqldb.Row) (draft.Draft, error) {
	var d draft.Draft
	var state, hands, acts string
	var until, created, changed int64
	err := row.Scan(&d.ID, &d.Service, &d.Department, &d.City, &d.Account, &state, &d.Live, &d.Turn, &d.Trial, &until, &hands, &acts, &created, &changed, &d.Rev, &d.Text,
		&d.Back.Version, &d.Back.By, &d.Back.Reason)
	if err != nil {
		return draft.Draft{}, err
	}
	if err := json.Unmarshal([]byte(hands), &d.Hands); err != nil {
		return draft.Draft{}, fmt.Errorf("hands of draft %d: %w", d.ID, err)
	}
	if err := json.Unmarshal([]byte(acts), &d.Acts); err != nil {
		return draft.Draft{}, fmt.Errorf("acts of draft %d: %w", d.ID, err)
	}
	d.State, d.Created, d.Changed = draft.State(state), clock.FromMillis(created), clock.FromMillis(changed)
	if until != 0 {
		d.TrialUntil = clock.FromMillis(until)
	}
	return d, nil
}

func scanEdition(row sqldb.Row) (draft.Edition, error) {
	var e draft.Edition
	var at int64
	err := row.Scan(&e.Version, &at, &e.By, &e.Approver, &e.Back, &e.Text)
	e.At = clock.FromMillis(at)
	return e, err
}
