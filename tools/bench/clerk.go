package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"zhijian/testkit/walk"
)

// clerks measures what staff wait for when they make services: a query over a table of 10,000 rows, from the upload to a resident's first answer,
// with a second person in between, and a designer with a large definition open.
func clerks(ctx context.Context, b *bench) error {
	if err := b.city.open(ctx); err != nil {
		return err
	}
	clerk, err := b.city.staff(ctx, "traffic-police")
	if err != nil {
		return err
	}
	second, err := b.city.staff(ctx, "traffic-police-2")
	if err != nil {
		return err
	}
	if err := b.overSheet(ctx, clerk, second); err != nil {
		return fmt.Errorf("a service over a table: %w", err)
	}
	if err := b.designer(ctx, clerk); err != nil {
		return fmt.Errorf("the designer: %w", err)
	}
	return nil
}

// staff signs a member of staff in.
func (c *city) staff(ctx context.Context, user string) (*walk.Walker, error) {
	var ready struct {
		Logins struct {
			Staff []struct {
				User     string `json:"user"`
				Password string `json:"password"`
				TOTP     string `json:"totp_secret"`
			} `json:"staff"`
		} `json:"logins"`
	}
	if err := json.Unmarshal(c.proc.line, &ready); err != nil {
		return nil, err
	}
	for _, s := range ready.Logins.Staff {
		if s.User != user {
			continue
		}
		code, err := totp.GenerateCode(s.TOTP, time.Now())
		if err != nil {
			return nil, err
		}
		w := walk.New(c.ready.BaseURL, &http.Transport{})
		if err := w.Get(ctx, "/console/login"); err != nil {
			return nil, err
		}
		return w, sent(w, w.Submit(ctx, map[string]string{"user": s.User, "password": s.Password, "totp": code}))
	}
	return nil, fmt.Errorf("no %s among the staff", user)
}

// sent makes an error of a page that is none.
func sent(w *walk.Walker, err error) error {
	if err == nil && w.Page.Status != http.StatusOK {
		err = fmt.Errorf("%s: %d %.300s", w.Page.URL.Path, w.Page.Status, w.Page.Text)
	}
	return err
}

const sheetRows = 10_000

func (b *bench) overSheet(ctx context.Context, clerk, second *walk.Walker) error {
	took := stopwatch()
	id, err := publishSheet(ctx, clerk, second)
	if err != nil {
		return err
	}
	published := took()
	var first time.Duration
	var times []time.Duration
	for i, who := range b.city.people {
		r := walk.New(b.city.ready.BaseURL, &http.Transport{})
		if err := r.SignIn(ctx, b.city.ready.Sandbox["sms"], who.phone); err != nil {
			return err
		}
		for n := range asksEach {
			took := stopwatch()
			if err := sent(r, r.Start(ctx, slug, id)); err != nil {
				return err
			}
			one, err := looksUp(ctx, r, (i*asksEach+n)*131%sheetRows)
			if err != nil {
				return err
			}
			if first == 0 {
				first = took()
			}
			times = append(times, one)
		}
	}
	b.table.limit(fmt.Sprintf("a query over a table of %d rows, from the upload over a second person to the first answer", sheetRows), "s", (published + first).Seconds(), 60)
	b.table.limit("— an answer, as a resident waits for its page, median", "ms", milliseconds(quantile(times, 0.5)), 20)
	b.table.report("— p95", "ms", milliseconds(quantile(times, 0.95)))
	return nil
}

// asksEach is below what one resident may ask a day.
const asksEach = 4

// looksUp asks for a row on the page that is open and waits for its page.
func looksUp(ctx context.Context, r *walk.Walker, row int) (time.Duration, error) {
	took := stopwatch()
	if err := r.Submit(ctx, map[string]string{"key_c1": fmt.Sprintf("hz%05d", row)}); err != nil {
		return 0, err
	}
	for !strings.Contains(r.Page.Text, "查到了") {
		if took() > 10*time.Second {
			return 0, fmt.Errorf("no answer: %d %.300s", r.Page.Status, r.Page.Text)
		}
		pause(ctx, time.Millisecond)
		if err := r.Get(ctx, r.Page.URL.Path); err != nil {
			return 0, err
		}
	}
	return took(), nil
}

// publishSheet uploads the table, makes the service and has a second person publish it.
func publishSheet(ctx context.Context, clerk, second *walk.Walker) (id string, err error) {
	var body strings.Builder
	body.WriteString("证号,在借,到期,滞纳金\n")
	for i := range sheetRows {
		fmt.Fprintf(&body, "HZ%05d,%d,2026-06-%02d,1.50元\n", i, 1+i%5, 1+i%28)
	}
	file := walk.File{Field: "file", Name: "readers.csv", Body: []byte(body.String())}
	for _, step := range []func() error{
		func() error { return clerk.Get(ctx, "/console/sheets") },
		func() error {
			return clerk.Attach(ctx, "/console/sheets", map[string]string{"name": "读者借书", "slug": "readers"}, file)
		},
		func() error { return clerk.SubmitTo(ctx, "/take", map[string]string{"_do": "answer"}) },
		func() error { return clerk.SubmitTo(ctx, "/service", map[string]string{"nobasis": "1"}) },
		func() error {
			id = strings.TrimPrefix(clerk.Page.URL.Path, "/console/services/")
			return clerk.SubmitTo(ctx, "/state", map[string]string{"what": "submit", "reason": "请看"})
		},
	} {
		if err := sent(clerk, step()); err != nil {
			return "", err
		}
	}
	if err := sent(second, second.Get(ctx, "/console/services/"+id)); err != nil {
		return "", err
	}
	return id, sent(second, second.SubmitTo(ctx, "/state", map[string]string{"what": "release", "reason": "试过了"}))
}

// questions is how many the large definition asks.
const questions = 48

// designer opens and saves a definition of many questions as a clerk does.
func (b *bench) designer(ctx context.Context, w *walk.Walker) error {
	if err := sent(w, w.Get(ctx, "/console/services/new")); err != nil {
		return err
	}
	if err := sent(w, w.SubmitTo(ctx, "/new", map[string]string{"_do": "file", "text": large()})); err != nil {
		return err
	}
	at := w.Page.URL.Path
	var opened, saved []time.Duration
	for i := range 20 {
		took := stopwatch()
		if err := sent(w, w.Get(ctx, at+"?page=p3&ask=q20")); err != nil {
			return err
		}
		opened = append(opened, took())
		took = stopwatch()
		if err := sent(w, w.SubmitTo(ctx, "/question", map[string]string{"ask_hint": fmt.Sprintf("填法 %d", i), "_do": "save"})); err != nil {
			return err
		}
		saved = append(saved, took())
	}
	b.table.limit(fmt.Sprintf("a definition of %d questions opened in the designer, median", questions), "ms", milliseconds(quantile(opened, 0.5)), 100)
	b.table.limit("— a question of it saved and the page shown again, median", "ms", milliseconds(quantile(saved, 0.5)), 100)
	return nil
}

// large is a file of that many questions, six a page.
func large() string {
	var head, steps strings.Builder
	head.WriteString("id: own-large\nversion: 1\nname: {zh: 大表单, en: Large form}\nabout: {zh: 很多问题。, en: Many questions.}\nsector: f01\ngroup: traffic-police\ntype: application\nhow: online\nowner: desk\n" +
		"who: {zh: 居民, en: Residents}\nfee: {zh: 不要钱, en: Free}\npromise: {done: 5d, text: {zh: 5 个工作日, en: 5 working days}}\nbasis: none\nreview_by: 2027-06-30\n\nanswers:\n")
	steps.WriteString("\nsteps:\n")
	var page, all []string
	for i := range questions {
		id := fmt.Sprint("q", i)
		fmt.Fprintf(&head, "  %s:\n    type: text\n    max: 60\n    label: {zh: 问题%d, en: Question %d}\n    ask: {zh: 第%d个问题是什么？, en: \"What is question %d?\"}\n    why: {zh: 审核时要看, en: It is decided by}\n", id, i, i, i, i)
		if page, all = append(page, id), append(all, id); len(page) == 6 {
			fmt.Fprintf(&steps, "  - form: [%s]\n    id: p%d\n    name: {zh: 第%d页, en: Page %d}\n    title: {zh: 请填写, en: Please fill in}\n    level: L2\n", strings.Join(page, ", "), i/6, i/6, i/6)
			page = nil
		}
	}
	fmt.Fprintf(&steps, "  - check: [%s]\n    title: {zh: 请核对, en: Please check}\n  - review: approval\n    show: [%s]\n    within: 5w\n    refused: {say: {zh: 没有通过, en: Not approved}}\n  - result: done\n    say: {zh: 通过了, en: Approved}\n    good: true\n",
		strings.Join(all, ", "), strings.Join(all[:20], ", "))
	return head.String() + steps.String() + "\ntests:\n  - name: proof first\n    as: L0\n    answers: {}\n    expect: {view: prove}\n"
}
