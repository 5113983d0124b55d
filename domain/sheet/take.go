package sheet

import (
	"context"
	"errors"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
)

// Take confirms what the columns of a draft hold and takes its rows apart: each is taken whole, or listed as refused. The generation
// does not answer yet. fault.Invalid says what is wrong with the shape, also which service could not go on with it; fault.Conflict "sheet.draft" when the upload was taken already.
func (d *Desk) Take(ctx context.Context, a actor.Actor, slug string, number int, shape tabular.Shape) (s Sheet, err error) {
	defer fault.Wrap(&err, "take sheet %q %d", slug, number)
	if s, err = d.Sheet(ctx, a, slug); err != nil {
		return Sheet{}, err
	}
	if err := shape.Check(); err != nil {
		return s, err
	}
	if err := d.serves(ctx, s, shape); err != nil {
		return s, err
	}
	g, r, err := d.draft(ctx, s, number)
	if err != nil {
		return s, err
	}
	rows, refused, err := r.Read(shape, d.c.Clock.Now())
	if err = errors.Join(err, r.Close()); err != nil {
		if fault.Of(err) == nil {
			return s, fault.Conflict("sheet.changed", "表格的标题和确认的不一样，请再上传一次").Because(err)
		}
		return s, err
	}
	// Each taking fills a table of its own, so that of two at once neither spoils the other's.
	table, before := d.c.IDs.ID(), int64(0)
	s, err = d.c.Store.Change(ctx, slug, func(s *Sheet) ([]event.Body, error) {
		now, ok := s.Generation(number)
		if !ok || now.State != Draft {
			return nil, errTaken()
		}
		before, now.Table = now.Table, table
		s.put(now)
		return []event.Body{}, nil
	})
	if err != nil {
		return s, err
	}
	if err := errors.Join(d.forget(ctx, before), d.c.Rows.Fill(ctx, table, rows, refused)); err != nil {
		return s, err
	}
	s, err = d.c.Store.Change(ctx, slug, func(s *Sheet) ([]event.Body, error) {
		now, ok := s.Generation(number)
		if !ok || now.State != Draft || now.Table != table {
			return nil, errTaken()
		}
		now.State, now.Shape, now.Rows, now.Refused, now.Source = Ready, shape, len(rows), len(refused), 0
		s.put(now)
		return []event.Body{Taken{s.meta(a), s.subject(number), len(rows), len(refused)}}, nil
	})
	if fault.Is(err, fault.KindConflict) {
		return s, errors.Join(err, d.forget(ctx, table))
	}
	if err != nil {
		return s, err
	}
	return s, d.forget(ctx, g.Source)
}

// forget drops a file or a table; 0 is none.
func (d *Desk) forget(ctx context.Context, number int64) error {
	if number == 0 {
		return nil
	}
	return d.c.Rows.Drop(ctx, number)
}

func errTaken() error {
	return fault.Conflict("sheet.draft", "这次上传已经处理过了，请看最新的一份")
}

// Answer has a generation answer from now on: a new one, or a former one. It does already: nothing happens. fault.Invalid when a service
// that residents are offered could not go on with it.
func (d *Desk) Answer(ctx context.Context, a actor.Actor, slug string, number int) (s Sheet, err error) {
	defer fault.Wrap(&err, "sheet %q answers from %d", slug, number)
	if s, err = d.Sheet(ctx, a, slug); err != nil {
		return Sheet{}, err
	}
	if g, ok := s.Generation(number); ok && g.State == Ready {
		if err := d.serves(ctx, s, g.Shape); err != nil {
			return s, err
		}
	}
	s, err = d.c.Store.Change(ctx, slug, func(s *Sheet) ([]event.Body, error) {
		g, ok := s.Generation(number)
		switch {
		case !ok || g.State != Ready:
			return nil, fault.Conflict("sheet.not_ready", "这一份还不能启用，请先核对各列")
		case s.Live == number:
			return nil, nil
		case g.Rows == 0:
			return nil, fault.Conflict("sheet.no_rows", "这一份一行也没有收下，不能启用")
		}
		was := s.Live
		g.Since = d.c.Clock.Now()
		s.put(g)
		s.Live = number
		return []event.Body{Answers{s.meta(a), s.subject(number), was}}, nil
	})
	if err != nil {
		return s, err
	}
	return d.tidy(ctx, s)
}

// Refused lists what was refused of a generation, in the order of the lines.
func (d *Desk) Refused(ctx context.Context, a actor.Actor, slug string, number, offset, limit int) (list []tabular.Refusal, err error) {
	defer fault.Wrap(&err, "refused rows of sheet %q %d", slug, number)
	s, err := d.Sheet(ctx, a, slug)
	if err != nil {
		return nil, err
	}
	g, ok := s.Generation(number)
	if !ok || g.State != Ready {
		return nil, None()
	}
	return d.c.Rows.Refused(ctx, g.Table, offset, limit)
}
