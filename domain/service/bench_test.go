package service_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"zhijian/domain/service"
)

// BenchmarkApply is one typical step: an office's answer taken and the next page reached.
func BenchmarkApply(b *testing.B) {
	offer, _ := catalogue(b).Offer("330100", "traffic-fine-payment")
	r := ride(b, offer.Definition, offer, "")
	r.answer("plate", "浙A8K267")
	asking := r.s
	r.proceed()
	choosing := r.s
	r.answer("chosen", "2")
	checking := r.s
	for name, c := range map[string]struct {
		s  service.State
		in service.Input
	}{
		"lookup": {asking, service.Outcome{Kind: service.OutcomeAnswered, Effect: service.EffectAsk, Step: "violations", Attempt: 1, Data: told("violations.find")}},
		"choose": {choosing, service.Answer{Step: "chosen", Values: map[string][]string{"chosen": {"2"}}}},
		"check":  {checking, service.Answer{Step: "check"}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := offer.Definition.Apply(c.s, c.in, r.env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for name, s := range map[string]service.State{"choose": choosing, "check": checking} {
		b.Run("view/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				offer.Definition.View(s, r.env)
			}
		})
	}
}

func BenchmarkLoadCatalogue(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if c, _ := service.LoadCatalogue(os.DirFS("../../catalog")); c == nil {
			b.Fatal("does not load")
		}
	}
}

// BenchmarkCheck40 reads and checks a definition that asks forty things; 50 ms are promised.
func BenchmarkCheck40(b *testing.B) {
	src, err := os.ReadFile("testdata/household.yaml")
	if err != nil {
		b.Fatal(err)
	}
	answers, steps, rows := strings.Builder{}, strings.Builder{}, strings.Builder{}
	for i := range 40 {
		fmt.Fprintf(&answers, "  field_%d: {type: text, max: 60, label: {zh: 第 %d 项, en: Field %d}, hint: {zh: 写 %d 项, en: Write it}, why: {zh: 要核对, en: It is checked}}\n", i, i, i, i)
		fmt.Fprintf(&steps, "  - form: [field_%d]\n    if: \"beds > %d || contact.name != ''\"\n", i, i%7)
		fmt.Fprintf(&rows, "field_%d, ", i)
	}
	text := strings.Replace(string(src), "answers:\n", "answers:\n"+answers.String(), 1)
	text = strings.Replace(text, "  - check: [", steps.String()+"  - check: ["+rows.String(), 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := service.Load("forty.yaml", []byte(text)); len(problems) > 0 {
			b.Fatal(problems[0])
		}
	}
}
