package paychannel

import (
	"encoding/json"

	"zhijian/ground/clock"
	"zhijian/sandbox/journal"
)

// line is one line of the channel's journal: all that one act changed. Each part replaces what an
// earlier line said of the same thing.
type line struct {
	Seq    int64       `json:"seq"`
	Order  *orderLine  `json:"order,omitempty"`
	Refund *refundLine `json:"refund,omitempty"`
	Notice *noticeLine `json:"notice,omitempty"`
	Count  *countLine  `json:"count,omitempty"`
	Flaky  string      `json:"flaky,omitempty"` // a refund that failed once on purpose
}

type orderLine struct {
	No          string `json:"no"`
	Prepay      string `json:"prepay"`
	Transaction string `json:"transaction,omitempty"`
	Kind        string `json:"kind"`
	About       string `json:"about"`
	Attach      string `json:"attach,omitempty"`
	OpenID      string `json:"openid,omitempty"`
	Notify      string `json:"notify"`
	Print       string `json:"print"`
	AppHost     string `json:"app_host,omitempty"`
	Total       int64  `json:"total"`
	Refunded    int64  `json:"refunded,omitempty"`
	State       string `json:"state"`
	LinkUntil   int64  `json:"link_until"` // all times in ms
	Expires     int64  `json:"expires"`
	PaidAt      int64  `json:"paid_at,omitempty"`
	Twin        bool   `json:"twin,omitempty"`
}

type refundLine struct {
	No      string `json:"no"`
	ID      string `json:"id"`
	Order   string `json:"order"`
	Twin    bool   `json:"twin,omitempty"`
	Amount  int64  `json:"amount"`
	Reason  string `json:"reason,omitempty"`
	Notify  string `json:"notify"`
	Status  string `json:"status"`
	Asked   int    `json:"asked,omitempty"`
	Created int64  `json:"created"`
	At      int64  `json:"at,omitempty"`
}

// noticeLine is a notice that waits, or the end of one.
type noticeLine struct {
	ID    string          `json:"id"`
	Order string          `json:"order,omitempty"`
	URL   string          `json:"url,omitempty"`
	Body  json.RawMessage `json:"body,omitempty"`
	Tries int             `json:"tries,omitempty"`
	Done  bool            `json:"done,omitempty"`
}

// countLine is how often an order's notices were sent and taken.
type countLine struct {
	Order string `json:"order"`
	Sent  int    `json:"sent"`
	Taken int    `json:"taken"`
}

// keep writes what an act changes, before it does; c.mu is held.
func (c *Channel) keep(l line) error {
	l.Seq = c.sequence
	err := c.file.Append(l)
	if err != nil {
		c.cfg.Log.Error("payment channel: act not kept, so not done", "error", err)
	}
	return err
}

// recall reads the journal and makes it short when most of it is of the past. It gives the
// notices that wait to be taken, oldest first.
func (c *Channel) recall() ([]*notice, error) {
	if c.cfg.Journal == "" {
		return nil, nil
	}
	waiting := map[string]*notice{}
	var listed []*notice
	file, err := journal.Open(c.cfg.Journal, func(b []byte) error {
		var l line
		if err := json.Unmarshal(b, &l); err != nil {
			return err
		}
		c.apply(l)
		if n := l.Notice; n != nil && n.Done {
			delete(waiting, n.ID)
		} else if n != nil && n.Body != nil {
			waiting[n.ID] = &notice{id: n.ID, url: n.URL, body: n.Body, order: c.orders[n.Order], tries: n.Tries}
			listed = append(listed, waiting[n.ID])
		} else if n != nil && waiting[n.ID] != nil {
			waiting[n.ID].tries = n.Tries
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.file = file
	left := listed[:0]
	for _, n := range listed {
		if waiting[n.id] == n && n.order != nil {
			left = append(left, n)
		}
	}
	for _, o := range c.listed {
		c.post.count.Sent += o.noticesSent
		c.post.count.Acknowledged += o.noticesTaken
	}
	if live := len(c.orders) + len(c.refunds) + len(left); file.Lines() > 2000 && file.Lines() > 2*live {
		return left, file.Rewrite(func(put func(any) error) error { return c.fill(left, put) })
	}
	return left, nil
}

// apply puts a line into a channel that is not open yet.
func (c *Channel) apply(l line) {
	c.sequence = max(c.sequence, l.Seq)
	if l.Flaky != "" {
		c.flaky[l.Flaky] = true
	}
	if l.Order != nil {
		by := c.orders
		if l.Order.Twin {
			by = c.twins
		}
		o := by[l.Order.No]
		if o == nil {
			o = &order{}
			c.listed = append(c.listed, o)
		}
		l.Order.fill(o)
		if by[o.no] = o; !o.twin {
			c.prepays[o.prepay] = o
		}
	}
	if r := l.Refund; r != nil && c.owner(r) != nil {
		f := c.refunds[r.No]
		if f == nil {
			f = &refund{order: c.owner(r)}
			f.order.refunds = append(f.order.refunds, f)
			c.refunds[r.No] = f
		}
		f.no, f.id, f.amount, f.reason, f.notify, f.status, f.asked = r.No, r.ID, r.Amount, r.Reason, r.Notify, r.Status, r.Asked
		f.created, f.at = clock.FromMillis(r.Created), clock.FromMillis(r.At)
	}
	if l.Count != nil && c.orders[l.Count.Order] != nil {
		o := c.orders[l.Count.Order]
		o.noticesSent, o.noticesTaken = l.Count.Sent, l.Count.Taken
	}
}

// owner is the transaction that a refund is of.
func (c *Channel) owner(r *refundLine) *order {
	if r.Twin {
		return c.twins[r.Order]
	}
	return c.orders[r.Order]
}

// fill writes the channel as it stands, each thing once.
func (c *Channel) fill(waiting []*notice, put func(any) error) error {
	var err error
	write := func(l line) {
		l.Seq = c.sequence
		if err == nil {
			err = put(l)
		}
	}
	for _, o := range c.listed {
		l := line{Order: o.line()}
		if o.noticesSent > 0 {
			l.Count = o.count()
		}
		write(l)
		for _, f := range o.refunds {
			write(line{Refund: f.line()})
		}
	}
	for no := range c.flaky {
		write(line{Flaky: no})
	}
	for _, n := range waiting {
		write(line{Notice: n.line()})
	}
	return err
}

func (o *order) line() *orderLine {
	return &orderLine{
		No: o.no, Prepay: o.prepay, Transaction: o.transaction, Kind: o.kind, About: o.about, Attach: o.attach, OpenID: o.openid,
		Notify: o.notify, Print: o.print, AppHost: o.appHost, Total: o.total, Refunded: o.refunded, State: o.state,
		LinkUntil: clock.Millis(o.linkUntil), Expires: clock.Millis(o.expires), PaidAt: clock.Millis(o.paidAt), Twin: o.twin,
	}
}

func (l *orderLine) fill(o *order) {
	o.no, o.prepay, o.transaction, o.kind, o.about, o.attach, o.openid = l.No, l.Prepay, l.Transaction, l.Kind, l.About, l.Attach, l.OpenID
	o.notify, o.print, o.appHost, o.total, o.refunded, o.state = l.Notify, l.Print, l.AppHost, l.Total, l.Refunded, l.State
	o.linkUntil, o.expires, o.paidAt = clock.FromMillis(l.LinkUntil), clock.FromMillis(l.Expires), clock.FromMillis(l.PaidAt)
	o.twin = l.Twin
}

func (o *order) count() *countLine {
	return &countLine{Order: o.no, Sent: o.noticesSent, Taken: o.noticesTaken}
}

func (f *refund) line() *refundLine {
	return &refundLine{
		No: f.no, ID: f.id, Order: f.order.no, Twin: f.order.twin, Amount: f.amount, Reason: f.reason, Notify: f.notify, Status: f.status, Asked: f.asked,
		Created: clock.Millis(f.created), At: clock.Millis(f.at),
	}
}

// line is nil for no notice.
func (n *notice) line() *noticeLine {
	if n == nil {
		return nil
	}
	return &noticeLine{ID: n.id, Order: n.order.no, URL: n.url, Body: n.body, Tries: n.tries}
}
