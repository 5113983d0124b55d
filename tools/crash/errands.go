package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// call asks an office of the sandbox directly, as the people who run the test world may.
func (h *house) call(ctx context.Context, office, name, key string, in map[string]any) (map[string]any, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.urls[office]+"/calls/"+name, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var answer struct{ Data map[string]any }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: status %d, %v", office, name, res.StatusCode, err)
	}
	return answer.Data, nil
}

// open starts a case and notes that the house showed it.
func (w *worker) open(ctx context.Context, service string) (string, error) {
	if err := w.walk.Start(ctx, city, service); err != nil {
		return "", err
	}
	no := w.walk.CaseNo()
	if no == "" {
		if strings.HasPrefix(w.walk.Page.URL.Path, "/login") {
			w.signed = false
		}
		return "", fmt.Errorf("%s did not open: %d %s", service, w.walk.Page.Status, short(w.walk.Page.Text))
	}
	w.l.add(&w.l.opened, ack{w, service, no, service})
	return no, nil
}

func short(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:120])
	}
	return s
}

// payFine makes a new violation for the resident's car and pays it, or one before it.
func (w *worker) payFine(ctx context.Context) error {
	plate := w.person.Vehicles[0].Plate
	return w.pay(ctx, "traffic-fine-payment", "traffic", "violations.issue", "plate", plate)
}

// payBill makes a new electricity bill and pays it, or one before it.
func (w *worker) payBill(ctx context.Context) error {
	return w.pay(ctx, "electricity-bill-payment", "electricity", "bill.issue", "account", w.person.Electricity)
}

func (w *worker) pay(ctx context.Context, service, office, issue, name, value string) error {
	if w.owed[service] < mostOwed {
		key := fmt.Sprintf("%s-%d", issue, w.rnd.Int64())
		if _, err := w.h.call(ctx, office, issue, key, map[string]any{name: value, "count": 1}); err != nil {
			return err
		}
		w.owed[service]++
	}
	no, err := w.open(ctx, service)
	if err != nil {
		return err
	}
	return w.through(ctx, service, no, map[string]string{name: value})
}

// book takes the first free window of a random day.
func (w *worker) book(ctx context.Context) error {
	no, err := w.open(ctx, "hall-appointment")
	if err != nil {
		return err
	}
	return w.through(ctx, "hall-appointment", no, nil)
}

// through answers every page of a case until it ends, taking the first offer of every choice.
func (w *worker) through(ctx context.Context, service, no string, answers map[string]string) error {
	for range 24 {
		p := w.walk.Page
		switch {
		case p.Status >= 500:
			return errHouseDown
		case strings.HasPrefix(p.URL.Path, "/cashier"):
			if err := w.walk.Pay(ctx); err != nil {
				// The cashier is not the house: it took the money, whatever became of the way home.
				w.l.add(&w.l.paid, ack{w, service, no, "payment"})
				return err
			}
			w.l.add(&w.l.paid, ack{w, service, no, "payment"})
			w.owed[service] = max(0, w.owed[service]-1)
			continue
		case ended(p.Text):
			w.l.ended(ack{w, service, no, p.H1})
			if nothing(p.Text) {
				w.owed[service] = 0
			}
			w.tired = enough(p.Text)
			if strings.Contains(p.Text, "取号") {
				w.l.add(&w.l.booked, ack{w, service, no, p.H1})
				w.booked = true
			}
			return nil
		}
		f, ok := p.Form()
		if !ok || p.Status == http.StatusConflict {
			pause(ctx, 100*time.Millisecond)
			if err := w.walk.Get(ctx, "/cases/"+no); err != nil {
				return err
			}
			continue
		}
		set := map[string]string{}
		for name, options := range f.Options {
			if f.Values.Get(name) == "" && len(options) > 0 {
				set[name] = options[w.rnd.IntN(len(options))]
			}
		}
		for name, value := range answers {
			if p.Has(name) {
				set[name] = value
			}
		}
		if err := w.walk.Submit(ctx, set); err != nil {
			return err
		}
	}
	return fmt.Errorf("case %s did not end: %s %s", no, w.walk.Page.URL.Path, short(w.walk.Page.Text))
}

// ended reports whether a page is a result.
func ended(text string) bool {
	return nothing(text) || enough(text) || strings.Contains(text, "这次办事，您满意吗") || strings.Contains(text, "已原路退回")
}

// nothing reports whether there was nothing to pay.
func nothing(text string) bool {
	return strings.Contains(text, "没有未处理") || strings.Contains(text, "没有要缴")
}

// enough reports whether the house will not look this up again today.
func enough(text string) bool {
	return strings.Contains(text, "今天查的次数用完了")
}
