//go:build unix

package service_test

import (
	"syscall"
	"testing"
	"time"

	"zhijian/domain/service"
)

// cpu is what this process has used: on a machine that does other things too, the clock on the wall says little.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSteps is a whole case without anything around it: for whom, a look-up, forms, entries, a check, a filing. It says how many steps one
// core does in a second of its own time; 50,000 are promised.
func BenchmarkSteps(b *testing.B) {
	d := load(b, "household.yaml")
	env := service.Env{Now: noon, CaseNo: "CASE", Offer: service.Offer{Definition: d, Offices: map[string]service.Office{"police": {System: "p"}}}, Me: service.Me{
		Level: 2, Name: "张小敏", CitizenNumber: "11010519491231002X", Phone: "+8613800138000", People: family, Others: mandates,
	}}
	answer := func(step string, values ...string) service.Input {
		a := service.Answer{Step: step, Values: map[string][]string{}}
		for i := 0; i < len(values); i += 2 {
			a.Values[values[i]] = []string{values[i+1]}
		}
		return a
	}
	inputs := []service.Input{
		answer("whom", "whom", "child/7"),
		service.Outcome{Kind: service.OutcomeAnswered, Effect: service.EffectAsk, Step: "household", Attempt: 1, Data: map[string]any{"known": true, "address": "文三路 1 号"}, At: noon},
		answer("contact", "contact", "self"),
		answer("address", "beds", "2"),
		answer("companions", "companions", "more"),
		answer("companions", "companions", "more", "companions.0.name", "王小明", "companions.0.tie", "kin"),
		answer("companions", "companions", "done", "companions.1.name", "欧阳娜娜", "companions.1.tie", "kin"),
		answer("check"),
		service.Outcome{Kind: service.OutcomeAnswered, Effect: service.EffectFile, Step: "filing", Attempt: 1, Data: map[string]any{"no": "R1"}, At: noon},
	}
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		s, _, err := d.Start(env)
		if err != nil {
			b.Fatal(err)
		}
		for _, in := range inputs {
			if s, _, err = d.Apply(s, in, env); err != nil {
				b.Fatal(err)
			}
		}
		if s.End != "done" {
			b.Fatal(s.Step, s.End)
		}
	}
	b.ReportMetric(float64(b.N*len(inputs))/(cpu(b)-before).Seconds(), "steps/cpu-s")
}
