package format_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"zhijian/ground/fault"
	"zhijian/ground/format"
)

// drawCitizen makes a right citizen number: the check character is found by asking the reader.
func drawCitizen(t *rapid.T) string {
	body := fmt.Sprintf("%s%d%02d%02d%03d",
		rapid.SampledFrom([]string{"110105", "330106", "440524", "653125", "810000"}).Draw(t, "region"),
		rapid.IntRange(1900, 2020).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"),
		rapid.IntRange(1, 28).Draw(t, "day"), rapid.IntRange(1, 999).Draw(t, "seq"))
	for _, c := range "0123456789X" {
		if n, err := citizen(body + string(c)); err == nil {
			return n
		}
	}
	t.Fatal("no check character fits " + body)
	return ""
}

func TestCitizenSlips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := drawCitizen(t)
		i := rapid.IntRange(0, 17).Draw(t, "place")
		c := rapid.SampledFrom([]byte("0123456789")).Draw(t, "digit")
		if slip := n[:i] + string(c) + n[i+1:]; slip != n {
			if _, err := citizen(slip); err == nil {
				t.Fatalf("one wrong digit at %d passes", i)
			}
		}
		if i < 17 && n[i] != n[i+1] {
			if _, err := citizen(n[:i] + n[i+1:i+2] + n[i:i+1] + n[i+2:]); err == nil {
				t.Fatalf("neighbours swapped at %d pass", i)
			}
		}
	})
}

func TestCitizenCheckIsUnique(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, passing := drawCitizen(t), 0
		for _, c := range "0123456789X" {
			if _, err := citizen(n[:17] + string(c)); err == nil {
				passing++
			}
		}
		if passing != 1 {
			t.Fatalf("%d check characters pass", passing)
		}
	})
}

func TestCreditCodeSlips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := "91350100M000100Y43"
		i := rapid.IntRange(0, 17).Draw(t, "place")
		c := rapid.SampledFrom([]byte("0123456789ABCDEFGHJKLMNPQRTUWXY")).Draw(t, "symbol")
		if slip := n[:i] + string(c) + n[i+1:]; slip != n {
			if _, err := format.CreditCode(slip); err == nil {
				t.Fatalf("%s passes", slip)
			}
		}
	})
}

func TestBankCardSlips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := "6222020000000000000"
		i := rapid.IntRange(0, 18).Draw(t, "place")
		c := rapid.SampledFrom([]byte("0123456789")).Draw(t, "digit")
		if slip := n[:i] + string(c) + n[i+1:]; slip != n {
			if _, err := format.BankCard(slip); err == nil {
				t.Fatalf("%s passes", slip)
			}
		}
	})
}

// checkReader holds for any input of any reader: a normal form reads as itself; a fault is
// Invalid with a sentence that mends, blames nobody and does not repeat what was typed.
func checkReader(t interface{ Errorf(string, ...any) }, name string, read reader, in string) {
	got, err := read(in)
	if err == nil {
		if again, err := read(got); err != nil || again != got {
			t.Errorf("%s: %q reads as %q, which reads as %q, %v", name, in, got, again, err)
		}
		return
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.KindInvalid || got != "" || !strings.Contains(f.Code, ".") {
		t.Errorf("%s: %q gives %q and %v", name, in, got, err)
		return
	}
	for _, bad := range []string{"非法", "无效", "格式错误", "!", "！", "%!"} {
		if strings.Contains(f.Public, bad) {
			t.Errorf("%s: the sentence %q says %q", name, f.Public, bad)
		}
	}
	if n := len([]rune(f.Public)); n < 8 || n > 40 {
		t.Errorf("%s: the sentence %q has %d characters", name, f.Public, n)
	}
	for _, arg := range f.Args { // what the sentence holds beside its constant words: counts, and the end of a plate
		if s, text := arg.(string); text && !strings.Contains("警学挂领港澳", s) {
			t.Errorf("%s: the sentence %q repeats %q of the input", name, f.Public, s)
		}
	}
}

func TestReadersOnAnything(t *testing.T) {
	t.Parallel()
	for name, read := range readers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.SampledFrom([]rune("0123456789XIO京粤浙使警·- 年月日张A＋+．")), 0, 24, -1))
			rapid.Check(t, func(t *rapid.T) { checkReader(t, name, read, text.Draw(t, "in")) })
		})
	}
}

func TestHugeInput(t *testing.T) {
	t.Parallel()
	for name, read := range readers() {
		for _, s := range []string{strings.Repeat("1", 1<<20), strings.Repeat(" ", 1<<20), strings.Repeat("ﷺ", 200), "\xff\xfe"} {
			if _, err := read(s); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s takes %d bytes: %v", name, len(s), err)
			}
		}
	}
}

// shown counts the characters of a mask that are not stars, dots or spaces.
func shown(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func TestMaskRevealsNoMore(t *testing.T) {
	t.Parallel()
	most := map[format.Field]map[format.Viewer]int{
		format.FieldName:          {format.Staff: 2, format.StaffCase: 2, format.Public: 1},
		format.FieldCitizenNumber: {format.Own: 7, format.Staff: 2, format.StaffCase: 7},
		format.FieldPhone:         {format.Own: 7, format.Staff: 7, format.StaffCase: 7},
		format.FieldBankCard:      {format.Own: 4, format.Staff: 4, format.StaffCase: 4},
		format.FieldPlate:         {format.Staff: 5, format.StaffCase: 5},
		format.FieldVIN:           {format.Own: 6, format.Staff: 4, format.StaffCase: 4},
		format.FieldPassport:      {format.Own: 4, format.Staff: 4, format.StaffCase: 4},
		format.FieldOpenID:        {format.Own: 10, format.Staff: 10, format.StaffCase: 10},
	}
	value := rapid.StringOfN(rapid.SampledFrom([]rune("0123456789ABCXYZ京浙张王欧阳明")), 1, 30, -1)
	rapid.Check(t, func(t *rapid.T) {
		s := value.Draw(t, "value")
		for f, viewers := range most {
			for _, v := range []format.Viewer{format.Own, format.Staff, format.StaffCase, format.Public, "", "stranger"} {
				limit, limited := viewers[v]
				if v == "" || v == "stranger" {
					limit, limited = viewers[format.Public], true
				}
				if m := format.Mask(f, v, s); (limited || v == format.Public) && shown(m) > limit {
					t.Fatalf("%s for %q shows %q of %q", f, v, m, s)
				}
			}
		}
		if n := len([]rune(s)); n > 4 {
			if m := format.Mask(format.FieldName, format.Staff, s); len([]rune(m)) != 4 {
				t.Fatalf("a name of %d shows its length: %q", n, m)
			}
		}
	})
}

func TestMaskTable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		field                      format.Field
		in                         string
		own, staff, inCase, public string
	}{
		{format.FieldName, "张三", "张三", "张*", "张*", "*三"},
		{format.FieldName, "王小明", "王小明", "王*明", "王*明", "*明"},
		{format.FieldName, "欧阳小明", "欧阳小明", "欧阳**", "欧阳**", "*明"},
		{format.FieldName, "欧阳修", "欧阳修", "欧阳*", "欧阳*", "*修"},
		{format.FieldName, "䶮", "䶮", "*", "*", "*"},
		{format.FieldName, "阿卜杜拉·买买提", "阿卜杜拉·买买提", "阿***", "阿***", "*提"},
		{format.FieldName, "Ann Lee", "Ann Lee", "A***", "A***", "***"},
		{format.FieldCitizenNumber, "11010519491231002X", "110***********002X", "1****************X", "110***********002X", ""},
		{format.FieldPhone, "+8613800138000", "138****8000", "138****8000", "138****8000", ""},
		{format.FieldBankCard, "6222020000000000000", "**** 0000", "**** 0000", "**** 0000", ""},
		{format.FieldPlate, "京A12345", "京A·12345", "京A·**345", "京A·**345", ""},
		{format.FieldPlate, "粤BD12345", "粤B·D12345", "粤B·***345", "粤B·***345", ""},
		{format.FieldPlate, "224578使", "224578使", "****78使", "****78使", ""},
		{format.FieldVIN, "1M8GDM9AXKP042788", "***********042788", "*************2788", "*************2788", ""},
		{format.FieldPassport, "E12345678", "E1*****78", "E1*****78", "E1*****78", ""},
		{format.FieldAddress, "浙江省杭州市西湖区文三路478号3幢201室", "浙江省杭州市西湖区文三路478号3幢201室", "浙江省杭州市西湖区文三路***", "浙江省杭州市西湖区文三路***", "浙江省杭州市西湖区***"},
		{format.FieldAddress, "苏州市昆山市玉山镇5号", "苏州市昆山市玉山镇5号", "苏州市昆山市玉山镇***", "苏州市昆山市玉山镇***", "苏州市昆山市***"},
		{format.FieldAddress, "幸福小区3幢", "幸福小区3幢", "***", "***", "***"},
		{format.FieldEmail, "anna@x.cn", "a***@x.cn", "a***@x.cn", "a***@x.cn", ""},
		{format.FieldCreditCode, "91350100M000100Y43", "91350100M000100Y43", "91350100M000100Y43", "91350100M000100Y43", "91350100M000100Y43"},
		{format.FieldOpenID, "oABCDEFGHIJKLMNOPQRSTUVWXYZ0", "oABCDE****XYZ0", "oABCDE****XYZ0", "oABCDE****XYZ0", ""},
		{format.FieldCoordinates, "30.27415,120.15515", "30.27415,120.15515", "30.27,120.16", "30.27,120.16", ""},
		{format.FieldPhone, "", "", "", "", ""},
		{"unknown", "secret", "", "", "", ""},
	} {
		for v, want := range map[format.Viewer]string{format.Own: c.own, format.Staff: c.staff, format.StaffCase: c.inCase, format.Public: c.public} {
			if got := format.Mask(c.field, v, c.in); got != want {
				t.Errorf("%s of %q for %s is %q, want %q", c.field, c.in, v, got, want)
			}
		}
	}
}
