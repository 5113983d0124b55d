package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"zhijian/testkit/walk"
)

// fines measures paying a traffic fine: over the pages as a resident's browser without script, over
// the API with sixteen residents at once, and from the payment to the end of the case.
func fines(ctx context.Context, b *bench) error {
	if err := b.city.open(ctx); err != nil {
		return err
	}
	for _, step := range []struct {
		fines int // that everybody needs for it; a vehicle with many makes every look at it heavier
		run   func(context.Context) error
	}{{1, b.walks}, {7, b.fromPaymentToDone}, {finesAtOnce, b.stepsAtOnce}} {
		if err := b.city.moreFines(ctx, step.fines); err != nil {
			return err
		}
		if err := step.run(ctx); err != nil {
			return err
		}
	}
	return b.durableSteps(ctx)
}

const finesAtOnce = 8

// moreFines has the sandbox put new violations on everybody's vehicle.
func (c *city) moreFines(ctx context.Context, n int) error {
	for _, who := range c.people {
		err := post(ctx, c.ready.Sandbox["traffic"]+"/calls/violations.issue", map[string]any{"plate": who.plate, "count": n}, nil,
			"Idempotency-Key", rand.Text())
		if err != nil {
			return err
		}
	}
	return nil
}

// walks pays fines by the pages, one resident after the other.
func (b *bench) walks(ctx context.Context) error {
	var times []time.Duration
	loads := 0
	for _, who := range b.city.people {
		w := walk.New(b.city.ready.BaseURL, &http.Transport{})
		if err := w.SignIn(ctx, b.city.ready.Sandbox["sms"], who.phone); err != nil {
			return err
		}
		before, took := w.Loads, stopwatch()
		if err := payByPages(ctx, w, who.plate); err != nil {
			return fmt.Errorf("pay a fine by the pages: %w", err)
		}
		times = append(times, took())
		loads = max(loads, w.Loads-before)
	}
	b.table.limit("a fine by the pages, from the city's home to the receipt, median", "ms", milliseconds(quantile(times, 0.5)), 1000)
	b.table.limit("— page loads", "pages", float64(loads), 9)
	return nil
}

func payByPages(ctx context.Context, w *walk.Walker, plate string) error {
	if err := w.Get(ctx, "/city/"+slug); err != nil {
		return err
	}
	if err := w.Start(ctx, slug, "traffic-fine-payment"); err != nil {
		return err
	}
	if err := w.Submit(ctx, map[string]string{"plate": plate}); err != nil {
		return err
	}
	f, _ := w.Page.Form()
	if len(f.Options["chosen"]) == 0 {
		return fmt.Errorf("no fine to choose: %d %.200s", w.Page.Status, w.Page.Text)
	}
	if err := w.Submit(ctx, map[string]string{"chosen": f.Options["chosen"][0]}); err != nil {
		return err
	}
	if err := w.Submit(ctx, nil); err != nil {
		return err
	}
	if err := w.Pay(ctx); err != nil {
		return err
	}
	for _, l := range w.Page.Links {
		if strings.Contains(l.Text, "看电子票据") {
			return w.Get(ctx, l.Href)
		}
	}
	return fmt.Errorf("no receipt: %d %.200s", w.Page.Status, w.Page.Text)
}

// turn is one fine over the API, step by step.
type turn struct {
	c    *city
	who  *citizen
	at   caseView
	took []time.Duration // of each durable step
}

type caseView struct {
	No, State string
	View      struct {
		Kind, Step string
		PayURL     string `json:"pay_url"`
		Items      []struct{ Value string }
	}
}

// toCashier opens a case and answers until it can be paid. nth picks the fine.
func (t *turn) toCashier(ctx context.Context) error {
	step := func(path, body string) error {
		took := stopwatch()
		t.at = caseView{}
		err := t.c.ask(ctx, t.who, http.MethodPost, path, body, &t.at)
		t.took = append(t.took, took())
		return err
	}
	if err := step("/cities/"+slug+"/services/traffic-fine-payment/cases", emptyValues); err != nil {
		return err
	}
	answer := func(values string) error {
		return step("/cases/"+t.at.No+"/steps/"+t.at.View.Step, `{"values":{`+values+`}}`)
	}
	if err := answer(`"plate":["` + t.who.plate + `"]`); err != nil {
		return err
	}
	if len(t.at.View.Items) == 0 {
		return fmt.Errorf("no fine to choose: %+v", t.at)
	}
	if err := answer(`"chosen":["` + t.at.View.Items[0].Value + `"]`); err != nil {
		return err
	}
	if err := answer(""); err != nil {
		return err
	}
	if t.at.View.PayURL == "" {
		return fmt.Errorf("nothing to pay: %+v", t.at)
	}
	return nil
}

// pay presses "pay" at the cashier and waits until the case is done.
func (t *turn) pay(ctx context.Context, every time.Duration) (time.Duration, error) {
	u, err := url.Parse(t.at.View.PayURL)
	if err != nil {
		return 0, err
	}
	form := url.Values{"action": {"pay"}, "prepay_id": {u.Query().Get("prepay_id")}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.c.ready.Sandbox["pay"]+"/cashier", strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	took := stopwatch()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	err = until(ctx, every, 20*time.Second, func() (bool, error) {
		no := t.at.No
		t.at = caseView{}
		err := t.c.ask(ctx, t.who, http.MethodGet, "/cases/"+no, "", &t.at)
		return t.at.State == "done", err
	})
	return took(), err
}

// fromPaymentToDone measures one resident at a time: from the payment, on which the signed notice goes out at once, to
// the first answer that says the case is done.
func (b *bench) fromPaymentToDone(ctx context.Context) error {
	var times []time.Duration
	for n := range 7 * len(b.city.people) {
		t := turn{c: b.city, who: b.city.people[n%len(b.city.people)]}
		if err := t.toCashier(ctx); err != nil {
			return err
		}
		took, err := t.pay(ctx, 4*time.Millisecond)
		if err != nil {
			return err
		}
		times = append(times, took)
	}
	b.table.report(fmt.Sprintf("from payment to case done, median of %d", len(times)), "ms", milliseconds(quantile(times, 0.5)))
	b.table.limit("— p95", "ms", milliseconds(quantile(times, 0.95)), 200)
	return nil
}

// stepsAtOnce has all residents pay fines over the API at once, offices and all.
func (b *bench) stepsAtOnce(ctx context.Context) error {
	var wg sync.WaitGroup
	errs := make([]error, len(b.city.people))
	steps := make([][]time.Duration, len(b.city.people))
	finish := b.profiled(ctx, "fines at once", b.city.scene(0, nil))
	took, used := stopwatch(), processorTime(b.city.proc.pid())
	for i, who := range b.city.people {
		wg.Go(func() {
			for range finesAtOnce {
				t := turn{c: b.city, who: who}
				if errs[i] = t.toCashier(ctx); errs[i] != nil {
					return
				}
				steps[i] = append(steps[i], t.took...)
				if _, errs[i] = t.pay(ctx, 20*time.Millisecond); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	seconds, used := took().Seconds(), processorTime(b.city.proc.pid())-used
	if err := errors.Join(append(errs, finish())...); err != nil {
		return err
	}
	var all []time.Duration
	for _, s := range steps {
		all = append(all, s...)
	}
	n := float64(len(b.city.people) * finesAtOnce)
	b.table.report(fmt.Sprintf("fines paid over the API, %d residents at once", len(b.city.people)), "/s", n/seconds)
	b.table.report("— processor time of house and outside world, each", "ms", milliseconds(used)/n)
	b.table.report("— a step as its program waits for it, offices and all, mean", "ms", milliseconds(mean(all)))
	b.table.report("— p99", "ms", milliseconds(quantile(all, 0.99)))
	return nil
}

// durableSteps runs the benchmark beside the code: the five durable steps, what a resident waits for without the offices.
func (b *bench) durableSteps(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkFineSteps$", "-benchtime", "40x", "./domain/cases")
	cmd.Dir = b.root
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	for _, c := range []struct {
		unit, what string
		most       float64
	}{{"ms/step", "the five durable steps of a fine, 16 residents at once, mean", 25}, {"ms/p99", "— p99", 120}} {
		found := regexp.MustCompile(`([0-9.]+) ` + regexp.QuoteMeta(c.unit)).FindSubmatch(out)
		if found == nil {
			return fmt.Errorf("no %s in\n%s", c.unit, out)
		}
		v, err := strconv.ParseFloat(string(found[1]), 64)
		if err != nil {
			return err
		}
		b.table.limit(c.what, "ms", v, c.most)
	}
	return nil
}
