package console

import "testing"

// What a clerk downloads never begins a formula in their editor (security.md T30).
func TestHarmless(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "车牌号": "车牌号", "=1+1": "'=1+1", " +1": "' +1", "-2": "'-2", "@x": "'@x", "＝A1": "'＝A1", "\ufeff=A1": "'\ufeff=A1", "　－1": "'　－1", "|cmd": "'|cmd", "a\r\n=b": "a  =b", "a=b": "a=b",
	} {
		if got := harmless(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
