package service_test

import (
	"os"
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
