package paychannel

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"zhijian/ground/clock"
)

// notice is one message to the merchant; every repeat has the same id and content.
type notice struct {
	id, url string
	body    []byte
	order   *order
	tries   int
	once    bool // a duplicate: sent once, never repeated
}

// schedule is how long the channel waits before each repeat (wechat-contract 13.7): 24 h 4 m in all.
func schedule() []time.Duration {
	return []time.Duration{
		15 * time.Second, 15 * time.Second, 30 * time.Second, 3 * time.Minute, 10 * time.Minute, 20 * time.Minute,
		30 * time.Minute, 30 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 3 * time.Hour, 3 * time.Hour, 6 * time.Hour, 6 * time.Hour,
	}
}

// courier carries notices: at most 16 at once, each repeated on the schedule until it is taken.
// Its goroutines are those of its timers; close stops the timers and waits for the rest.
type courier struct {
	channel *Channel
	client  *http.Client
	ctx     context.Context // ends when the courier closes
	cancel  context.CancelFunc
	slots   chan struct{}
	running sync.WaitGroup

	mu     sync.Mutex
	closed bool
	timers map[*time.Timer]struct{}
	held   *notice
	count  Sums
}

func newCourier(ctx context.Context, c *Channel) *courier {
	dialer := &net.Dialer{Timeout: 2 * time.Second, Control: loopbackOnly}
	p := &courier{
		channel: c, slots: make(chan struct{}, 16), timers: map[*time.Timer]struct{}{},
		client: &http.Client{
			Timeout:       5 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport:     &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 16, IdleConnTimeout: 30 * time.Second},
		},
	}
	p.ctx, p.cancel = context.WithCancel(ctx)
	return p
}

// loopbackOnly refuses any resolved address but this machine's own.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || !ap.Addr().Unmap().IsLoopback() {
		return errors.New("notices go to loopback only")
	}
	return nil
}

// notice seals a resource into a notice; nil for an order whose notices never arrive. c.mu is held.
func (c *Channel) notice(o *order, to, event, summary, kind string, resource any) *notice {
	if o.total%100 == 2 { // magic
		return nil
	}
	plain, err := json.Marshal(resource)
	if err != nil {
		c.cfg.Log.Error("notice not made", "event", event, "error", err)
		return nil
	}
	now := c.cfg.Clock.Now().In(clock.Shanghai)
	n := &notice{id: fmt.Sprintf("EV-%s%09d", now.Format("20060102150405"), c.next()), url: to, order: o}
	ciphertext, nonce := c.encrypt(plain, kind)
	n.body, err = json.Marshal(map[string]any{
		"id": n.id, "create_time": rfc3339(now), "event_type": event, "resource_type": "encrypt-resource", "summary": summary,
		"resource": map[string]any{
			"algorithm": "AEAD_AES_256_GCM", "ciphertext": ciphertext, "nonce": nonce, "associated_data": kind, "original_type": kind,
		},
	})
	if err != nil {
		c.cfg.Log.Error("notice not made", "event", event, "error", err)
		return nil
	}
	return n
}

// announce sends a notice that the journal has; c.mu is held.
func (c *Channel) announce(n *notice) {
	if n == nil {
		return
	}
	copies := c.switches.Duplicates
	if n.order.total%100 == 3 {
		copies += 2
	}
	c.post.send(n, copies, c.switches)
}

// resume sends again what waited when the last run ended, a little later: the merchant may only
// just be starting too.
func (p *courier) resume(waiting []*notice) {
	for _, n := range waiting {
		p.mu.Lock()
		p.count.Waiting++
		p.mu.Unlock()
		p.after(p.scaled(2*time.Second), func() { p.deliver(n) })
	}
}

// send hands a notice to the timers. With reorder on, every other notice waits for the next.
func (p *courier) send(n *notice, duplicates int, s Switches) {
	p.mu.Lock()
	p.count.Waiting++
	before := p.held
	p.held = nil
	if s.Reorder && before == nil {
		p.held = n
	}
	p.mu.Unlock()
	for range duplicates {
		twin := *n
		twin.once = true
		p.after(0, func() { p.deliver(&twin) })
	}
	if s.Reorder && before == nil {
		p.after(p.scaled(schedule()[0]), p.release)
		return
	}
	p.after(0, func() {
		p.deliver(n)
		if before != nil {
			p.deliver(before)
		}
	})
}

// release sends a held notice for which no other came.
func (p *courier) release() {
	p.mu.Lock()
	n := p.held
	p.held = nil
	p.mu.Unlock()
	if n != nil {
		p.deliver(n)
	}
}

func (p *courier) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * p.channel.cfg.RetryScale)
}

func (p *courier) after(d time.Duration, do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.running.Add(1)
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		defer p.running.Done()
		p.mu.Lock()
		delete(p.timers, t)
		p.mu.Unlock()
		select {
		case p.slots <- struct{}{}:
			defer func() { <-p.slots }()
			do()
		case <-p.ctx.Done():
		}
	})
	p.timers[t] = struct{}{}
}

// deliver sends a notice once and plans the next try when the merchant did not take it.
func (p *courier) deliver(n *notice) {
	s := p.switchesNow()
	sent, taken := false, false
	if n.tries > 0 || !s.DropFirst || n.once {
		if s.Signtest && !n.once {
			p.probe(n)
		}
		sent, taken = true, p.post(n, false)
	}
	if !taken && p.ctx.Err() != nil {
		return // cut by our own end, which is no try
	}
	waits := schedule()
	again := !taken && !n.once && n.tries < len(waits)
	p.note(n, sent, taken, again)
	p.mu.Lock()
	if taken {
		p.count.Acknowledged++
	}
	if !n.once && !again {
		p.count.Waiting--
	}
	p.mu.Unlock()
	if again {
		p.after(p.scaled(waits[n.tries-1]), func() { p.deliver(n) })
	} else if !taken && !n.once {
		p.channel.cfg.Log.Warn("notice given up", "id", n.id, "tries", n.tries)
	}
}

// note counts a sending and keeps what became of the notice. A kill before that has it sent once
// more, as the real channel may.
func (p *courier) note(n *notice, sent, taken, again bool) {
	p.channel.mu.Lock()
	defer p.channel.mu.Unlock()
	if sent {
		n.order.noticesSent++
	}
	if taken {
		n.order.noticesTaken++
	}
	if again {
		n.tries++
	}
	l := line{Count: n.order.count()}
	if !n.once {
		l.Notice = &noticeLine{ID: n.id, Tries: n.tries, Done: !again}
	}
	_ = p.channel.keep(l) // told in the log; the worst of it is a notice too many
}

func (p *courier) switchesNow() Switches {
	p.channel.mu.Lock()
	defer p.channel.mu.Unlock()
	return p.channel.switches
}

// probe sends the notice with a signature that must be refused, as the real channel does to
// find merchants that do not check.
func (p *courier) probe(n *notice) {
	accepted := p.post(n, true)
	p.mu.Lock()
	p.count.Probes++
	if accepted {
		p.count.ProbesAccepted++
	}
	p.mu.Unlock()
}

// post reports whether the merchant took the notice: 200 or 204 within five seconds.
func (p *courier) post(n *notice, probe bool) bool {
	r, err := http.NewRequestWithContext(p.ctx, http.MethodPost, n.url, bytes.NewReader(n.body))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Mozilla/4.0")
	p.channel.seal(r.Header, p.channel.keys.signer(""), n.body)
	if probe {
		noise := make([]byte, 240)
		_, _ = rand.Read(noise)
		r.Header.Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+base64.StdEncoding.EncodeToString(noise))
	} else {
		p.mu.Lock()
		p.count.Sent++
		p.mu.Unlock()
	}
	answer, err := p.client.Do(r)
	if err != nil {
		p.channel.cfg.Log.Debug("notice not delivered", "id", n.id, "error", err)
		return false
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, bodyLimit))
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK || answer.StatusCode == http.StatusNoContent
}

func (p *courier) close() {
	p.mu.Lock()
	p.closed = true
	p.cancel()
	for t := range p.timers {
		if t.Stop() {
			p.running.Done()
		}
	}
	clear(p.timers)
	p.mu.Unlock()
	p.running.Wait()
	p.client.CloseIdleConnections()
}
