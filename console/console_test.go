package console_test

import (
	"testing"

	"zhijian/domain/cases"
	"zhijian/ui/wording"
)

// Every state and every line of a timeline that staff can see has its words in both languages.
func TestWordsForCases(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{wording.Chinese, wording.English} {
		for _, code := range cases.Codes() {
			if !wording.Has(lang, "course."+code) {
				t.Errorf("%s has no words for course.%s", lang, code)
			}
		}
		for _, s := range cases.States() {
			if !wording.Has(lang, "state."+string(s)) {
				t.Errorf("%s has no words for state.%s", lang, s)
			}
		}
	}
}
