package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Person is a resident of the imitation world. None exists; every number only has the right form.
type Person struct {
	Name          string    // Han characters
	CitizenNumber string    // GB 11643, with a right check character
	Phone         string    // 11 digits, always 199 0000 nnnn or 199 000n nnnn
	BankCard      string    // ISO/IEC 7812, with a right Luhn digit
	BankName      string    // in Chinese
	Licence       Licence   // the driving licence; zero for who has none
	Vehicles      []Vehicle // none, one or two
	Electricity   string    // customer number, 10 digits
	Region        string    // GB/T 2260 code of the city
	Children      []Kin     // of the same household; none or one
}

// Kin is a child in the household register.
type Kin struct {
	Name          string
	CitizenNumber string
}

// Licence is a driving licence.
type Licence struct {
	Points     int    // deducted in this cycle when the world starts, 0 to 6
	FileNumber string // 12 digits
}

// Vehicle is one registered vehicle.
type Vehicle struct {
	Plate  string // GA 36, as stored: 浙A12345
	Kind   string // GA 24.7 plate kind: "02" small car, "52" small new-energy car
	VIN    string // GB 16735
	Engine string // engine number, 8 characters; look-ups take its last 6
}

type city struct{ region, county, plate string }

type bank struct {
	name, prefix string
	digits       int
}

// People gives the first n residents of the world of this seed; a larger n only adds to the end.
//
// The first seven are the same in every world of at least seven but for their names and numbers: all live in
// Hangzhou and have two vehicles, of which the first is ordinary. The second vehicles of [1] to [5]
// have the plates 浙A12344, 浙A12345, 浙A12346, 浙A12313, 浙A12300 with the effects README.md lists;
// [0] and [6] have ordinary ones. From [20] on, every tenth person's second vehicle ends in 44, 45 or 46.
func People(seed int64, n int) []Person {
	out := make([]Person, n)
	used := map[string]bool{}
	for i := range out {
		out[i] = person(seed, i, used)
	}
	return out
}

func person(seed int64, i int, used map[string]bool) Person {
	r := rand.New(rand.NewPCG(uint64(seed), uint64(i)+1))
	c := cities()[0]
	if i > 6 && i%4 == 3 {
		c = cities()[1+r.IntN(len(cities())-1)]
	}
	p := Person{Region: c.region, Phone: fmt.Sprintf("199%08d", i+1+i/9999)}
	female := r.IntN(2) == 0
	p.Name = personName(r, female)
	for p.CitizenNumber = citizenNumber(r, c.county, female); used[p.CitizenNumber]; {
		p.CitizenNumber = citizenNumber(r, c.county, female)
	}
	used[p.CitizenNumber] = true
	b := banks()[r.IntN(len(banks()))]
	p.BankName, p.BankCard = b.name, card(b, i)
	p.Electricity = c.region[:2] + fmt.Sprintf("%06d", i+1) + strconv.Itoa(50+r.IntN(46))
	for k := range vehicleCount(r, i) {
		p.Vehicles = append(p.Vehicles, vehicle(r, c, i, k, used))
	}
	if len(p.Vehicles) > 0 || r.IntN(2) == 0 {
		p.Licence = Licence{FileNumber: c.region + fmt.Sprintf("%06d", i+1)}
		if r.IntN(3) == 0 {
			p.Licence.Points = []int{1, 2, 3, 6}[r.IntN(4)]
		}
	}
	p.Children = children(seed, i, p, c.county, used)
	return p
}

// children gives everybody of the first seven a child, and every third of the others. It draws from a source of its own, so that the
// rest of the world is what it was without children.
func children(seed int64, i int, p Person, county string, used map[string]bool) []Kin {
	if i > 6 && i%3 != 0 {
		return nil
	}
	r := rand.New(rand.NewPCG(uint64(seed), uint64(i)+1<<32))
	female := r.IntN(2) == 0
	family := string([]rune(p.Name)[:1])
	if strings.HasPrefix(p.Name, "欧阳") || strings.HasPrefix(p.Name, "诸葛") {
		family = string([]rune(p.Name)[:2])
	}
	given := strings.Fields("子轩 浩然 宇航 思源 一凡 家豪")
	if female {
		given = strings.Fields("雨桐 诗涵 欣怡 若曦 婉清 思琪")
	}
	k := Kin{Name: family + given[r.IntN(len(given))]}
	for k.CitizenNumber == "" || used[k.CitizenNumber] {
		seq := 1 + 2*r.IntN(499)
		if female {
			seq++
		}
		n := fmt.Sprintf("%s%d%02d%02d%03d", county, 2014+r.IntN(9), 1+r.IntN(12), 1+r.IntN(28), seq)
		k.CitizenNumber = n + string(citizenCheck(n))
	}
	used[k.CitizenNumber] = true
	return []Kin{k}
}

func vehicleCount(r *rand.Rand, i int) int {
	n := r.IntN(100)
	switch {
	case i < 7 || (i >= 20 && i%10 == 0) || n >= 80:
		return 2
	case n >= 20:
		return 1
	}
	return 0
}

func vehicle(r *rand.Rand, c city, i, k int, used map[string]bool) Vehicle {
	v := Vehicle{Kind: "02", VIN: vin(r), Engine: engine(r)}
	fixed := map[int]string{1: "浙A12344", 2: "浙A12345", 3: "浙A12346", 4: "浙A12313", 5: "浙A12300"}
	switch {
	case k == 1 && fixed[i] != "":
		v.Plate = fixed[i]
	case k == 1 && i >= 20 && i%10 == 0:
		v.Plate = freePlate(r, c, []string{"44", "45", "46"}[i/10%3], used)
	case k == 0 && r.IntN(5) == 0:
		v.Kind = "52"
		v.Plate = freeGreen(r, c, used)
	default:
		v.Plate = freePlate(r, c, "", used)
	}
	used[v.Plate] = true
	return v
}

// freePlate makes an ordinary plate nobody has. Without a wish for its end it avoids every magic one.
func freePlate(r *rand.Rand, c city, end string, used map[string]bool) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	for {
		tail := end
		if tail == "" {
			tail = fmt.Sprintf("%d%d", 5+r.IntN(5), r.IntN(10))
		}
		p := fmt.Sprintf("%s%d%c%d%s", c.plate, r.IntN(10), letters[r.IntN(len(letters))], r.IntN(10), tail)
		if !used[p] {
			return p
		}
	}
}

func freeGreen(r *rand.Rand, c city, used map[string]bool) string {
	for {
		p := fmt.Sprintf("%s%c%c%02d%d%d", c.plate, "DAF"[r.IntN(3)], "ABCDEFGHJK"[r.IntN(10)], r.IntN(100), 5+r.IntN(5), r.IntN(10))
		if !used[p] {
			return p
		}
	}
}

func personName(r *rand.Rand, female bool) string {
	family := strings.Fields("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 沈 钱 陆 俞 欧阳 诸葛")
	last := strings.Fields("伟 强 磊 军 洋 勇 杰 涛 明 超 建国 志远 浩然 子轩 宇航 思源 文博 立新 家豪 一凡")
	if female {
		last = strings.Fields("芳 娜 敏 静 丽 艳 霞 燕 玲 秀英 晓雯 雨桐 诗涵 欣怡 佳慧 若曦 梦洁 婉清 思琪 丹")
	}
	return family[r.IntN(len(family))] + last[r.IntN(len(last))]
}

func citizenNumber(r *rand.Rand, county string, female bool) string {
	seq := 1 + 2*r.IntN(499)
	if female {
		seq++
	}
	s := fmt.Sprintf("%s%d%02d%02d%03d", county, 1956+r.IntN(48), 1+r.IntN(12), 1+r.IntN(28), seq)
	return s + string(citizenCheck(s))
}

// citizenCheck gives the 18th character for the first 17 (GB 11643, ISO 7064 MOD 11-2).
func citizenCheck(s string) byte {
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// card numbers a person: the bank's prefix, zeros, the person's index, the Luhn digit.
func card(b bank, i int) string {
	s := b.prefix + fmt.Sprintf("%0*d", b.digits-len(b.prefix)-1, i+1)
	return s + strconv.Itoa(luhn(s))
}

// luhn gives the digit that makes s + digit pass (ISO/IEC 7812-1 annex B).
func luhn(s string) int {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return (10 - sum%10) % 10
}

const vinLetters = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"

// vin makes a vehicle identification number with its check character in place 9 (GB 16735).
func vin(r *rand.Rand) string {
	b := []byte("LZJ00000000000000") // LZJ: no maker is given that code here
	for i := 3; i < 17; i++ {
		if i < 8 {
			b[i] = vinLetters[r.IntN(len(vinLetters))]
		} else {
			b[i] = byte('0' + r.IntN(10))
		}
	}
	b[8] = '0'
	sum := 0
	for i, w := range []int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2} {
		sum += vinValue(b[i]) * w
	}
	b[8] = "0123456789X"[sum%11]
	return string(b)
}

func vinValue(c byte) int {
	switch {
	case c <= '9':
		return int(c - '0')
	case c <= 'H':
		return int(c-'A') + 1
	case c <= 'R': // J=1 … N=5, P=7, R=9
		return int(c-'J') + 1
	}
	return int(c-'S') + 2
}

func engine(r *rand.Rand) string {
	return fmt.Sprintf("%c%c%06d", 'A'+rune(r.IntN(8)), 'A'+rune(r.IntN(8)), r.IntN(1_000_000))
}

func cities() []city {
	return []city{
		{"330100", "330106", "浙A"},
		{"330200", "330203", "浙B"},
		{"330400", "330402", "浙F"},
		{"320500", "320508", "苏E"},
		{"440300", "440305", "粤B"},
		{"510100", "510104", "川A"},
	}
}

func banks() []bank {
	return []bank{
		{"中国工商银行", "622202", 19},
		{"中国建设银行", "621700", 19},
		{"中国农业银行", "622848", 19},
		{"中国银行", "621660", 19},
		{"招商银行", "622588", 16},
	}
}
