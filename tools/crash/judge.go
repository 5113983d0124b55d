package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"time"
)

// checkup is what `zhijian doctor --json` prints.
type checkup struct {
	Events   int64            `json:"events"`
	Chain    string           `json:"chain"`
	Cases    map[string]int64 `json:"cases"`
	Orders   map[string]int64 `json:"orders"`
	Captured int64            `json:"captured"`
	Returned int64            `json:"returned"`
	Paid     []struct {
		No       string `json:"no"`
		For      string `json:"for"`
		Amount   int64  `json:"amount"`
		Returned bool   `json:"returned"`
	} `json:"paid"`
	Wrong []string `json:"wrong"`
}

// channelOrder is one order as the payment channel has it.
type channelOrder struct {
	No       string `json:"out_trade_no"`
	State    string `json:"state"`
	Total    int64  `json:"total"`
	Refunded int64  `json:"refunded"`
}

func (h *house) fetch(ctx context.Context, url string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(v)
}

// settle waits until every payment the channel took has found its end: the house queries what it has no notice of
// and repeats what was not answered, all by itself.
func settle(ctx context.Context, h *house, l *ledger) error {
	l.mu.Lock()
	cases := map[string]*worker{}
	for _, list := range [][]ack{l.opened, l.paid, l.done} {
		for _, a := range list {
			cases[a.no] = a.worker
		}
	}
	l.mu.Unlock()
	end := time.Now().Add(3 * time.Minute)
	left := map[string]string{}
	for no := range cases {
		left[no] = ""
	}
	for time.Now().Before(end) {
		for no := range left {
			state, err := standing(ctx, cases[no], no)
			if err != nil {
				return fmt.Errorf("case %s was acknowledged and cannot be shown: %w", no, err)
			}
			left[no] = state
			if resting(state) {
				delete(left, no)
			}
		}
		if len(left) == 0 {
			return nil
		}
		pause(ctx, 500*time.Millisecond)
	}
	return fmt.Errorf("%d cases did not come to rest: %v", len(left), left)
}

// standing asks the JSON API, with the worker's own session, where a case stands.
func standing(ctx context.Context, w *worker, no string) (string, error) {
	if err := w.walk.Get(ctx, "/api/v1/cases/"+no); err != nil {
		return "", err
	}
	if w.walk.Page.Status == http.StatusUnauthorized || w.walk.Page.Status == http.StatusForbidden {
		w.signed = false
		if err := w.signIn(ctx); err != nil {
			return "", err
		}
		if err := w.walk.Get(ctx, "/api/v1/cases/"+no); err != nil {
			return "", err
		}
	}
	var c struct{ State string }
	if w.walk.Page.Status != http.StatusOK {
		return "", fmt.Errorf("status %d: %s", w.walk.Page.Status, short(string(w.walk.Page.Body)))
	}
	err := decode(w.walk.Page.Body, &c)
	return c.State, err
}

// resting states need nothing more from the house.
func resting(state string) bool {
	switch state {
	case "draft", "paying", "done", "answered", "refused", "withdrawn", "expired", "stuck":
		return true
	}
	return false
}

// judge recounts everything and compares house, channel and offices.
func judge(ctx context.Context, h *house, l *ledger) error {
	args := []string{"doctor", "--json", "--data", h.data()}
	if h.database != "" {
		args = append(args, "--database", h.database)
	}
	out, err := exec.CommandContext(ctx, h.binary, args...).Output()
	var c checkup
	if derr := decode(out, &c); derr != nil {
		return fmt.Errorf("doctor: %w, %w", err, derr)
	}
	var wrong []string
	wrong = append(wrong, c.Wrong...)
	if c.Chain != "whole" {
		wrong = append(wrong, "event chain: "+c.Chain)
	}
	money, err := compareMoney(ctx, h, c)
	if err != nil {
		return err
	}
	wrong = append(wrong, money...)
	wrong = append(wrong, compareAcks(ctx, l, c)...)
	fmt.Printf("%d starts, %d events, chain %s\ncases %v\norders %v\n%d fen captured, %d returned\n", h.starts, c.Events, c.Chain, c.Cases, c.Orders, c.Captured, c.Returned)
	for _, o := range l.oddities {
		fmt.Println("odd:", o)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d things are wrong:\n  %s", len(wrong), strings.Join(wrong, "\n  "))
	}
	if len(c.Paid) == 0 || len(l.done) == 0 || len(l.booked) == 0 {
		return fmt.Errorf("nothing was paid (%d), finished (%d) or booked (%d): the loop proved nothing", len(c.Paid), len(l.done), len(l.booked))
	}
	fmt.Println("1 passed, 0 failed")
	return nil
}

// compareMoney sets our orders beside the channel's.
func compareMoney(ctx context.Context, h *house, c checkup) ([]string, error) {
	var theirs struct{ Orders []channelOrder }
	if err := h.fetch(ctx, h.urls["pay"]+"/sandbox/orders", &theirs); err != nil {
		return nil, err
	}
	at := map[string]channelOrder{}
	var captured, returned int64
	for _, o := range theirs.Orders {
		at[o.No] = o
		if o.State == "SUCCESS" || o.State == "REFUND" {
			captured += o.Total
			returned += o.Refunded
		}
	}
	var wrong []string
	for _, o := range c.Paid {
		t, ok := at[o.No]
		switch {
		case !ok:
			wrong = append(wrong, "paid here, unknown at the channel: "+o.No)
		case t.Total != o.Amount:
			wrong = append(wrong, fmt.Sprintf("order %s: %d here, %d at the channel", o.No, o.Amount, t.Total))
		case o.Returned != (t.Refunded == t.Total):
			wrong = append(wrong, fmt.Sprintf("order %s: returned here %v, at the channel %d of %d", o.No, o.Returned, t.Refunded, t.Total))
		}
	}
	if captured != c.Captured || returned != c.Returned {
		wrong = append(wrong, fmt.Sprintf("sums: %d captured and %d returned here, %d and %d at the channel", c.Captured, c.Returned, captured, returned))
	}
	return wrong, nil
}

// compareAcks looks for what residents were told and the house does not know.
func compareAcks(_ context.Context, l *ledger, c checkup) []string {
	paid := map[string]int{}
	for _, o := range c.Paid {
		paid[o.For]++
	}
	var wrong []string
	for _, a := range l.paid {
		if paid[a.no] == 0 {
			wrong = append(wrong, "the cashier took money for case "+a.no+" and the house has no paid order")
		}
	}
	return wrong
}
