package cases

import (
	"context"
	"regexp"
	"time"
	"unicode/utf8"

	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

// editable is how long a judgement can be changed.
const editable = 24 * time.Hour

var reasonCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Validate reports a judgement that cannot be kept, by field.
func (r Rating) Validate() error {
	var stars, reasons, words *fault.Error
	if r.Stars < 1 || r.Stars > 5 {
		stars = fault.Invalid("rating.stars", "请选 1 到 5 颗星").On("stars")
	}
	if len(r.Reasons) > 0 && r.Stars > 2 || len(r.Reasons) > 8 {
		reasons = fault.Invalid("rating.reasons", "只有评 1 星或 2 星时才需要选原因，最多 8 项").On("reasons")
	}
	for _, code := range r.Reasons {
		if !reasonCode.MatchString(code) {
			reasons = fault.Invalid("rating.reason", "请从列出的原因里选").On("reasons")
		}
	}
	if n := utf8.RuneCountInString(r.Text); n > 300 {
		words = fault.Invalid("rating.text", "最多 300 个字，现在 %d 个，请缩短一些", n).On("text")
	}
	return fault.Join(stars, reasons, words)
}

// Rate keeps the resident's judgement: once per finished case, editable for a day. A bad one opens a follow-up. fault.Conflict "rating.early" while
// the case runs, "rating.late" when a day has passed.
func (d *Desk) Rate(ctx context.Context, w Who, no string, r Rating) (err error) {
	defer fault.Wrap(&err, "rate case %s", no)
	c, err := d.own(ctx, w, no)
	if err != nil {
		return err
	}
	if err := d.mandated(ctx, w, c); err != nil {
		return err
	}
	if err := r.Validate(); err != nil {
		return err
	}
	now, no := d.c.Clock.Now(), uid.No()
	_, err = d.change(ctx, c, func(c *Case) ([]event.Body, error) {
		was := 0
		switch {
		case !w.owns(*c):
			return nil, absent()
		case c.State != Done && c.State != Answered && c.State != Refused:
			return nil, fault.Conflict("rating.early", "办完以后才能评价")
		case c.Rating != nil && now.Sub(c.Rating.At) >= editable:
			return nil, fault.Conflict("rating.late", "评价提交满一天后不能再修改")
		case c.Rating != nil:
			was = c.Rating.Stars
		}
		kept := r
		if kept.At = now; c.Rating != nil {
			kept.At = c.Rating.At
		} else {
			c.note(now, "rated", "you")
		}
		c.Rating = &kept
		bodies := []event.Body{RatedEvent{c.meta(w.Actor), c.subject(), r.Stars, was, r.Reasons}}
		if alarm := d.follow(c, no, now); alarm != nil {
			bodies = append(bodies, alarm)
		}
		return bodies, nil
	})
	return err
}

// Ratings gives the number and sum of stars per service of a city, for lists.
func (d *Desk) Ratings(ctx context.Context, city string) (map[string]Stars, error) {
	return d.c.Store.Ratings(ctx, city)
}
