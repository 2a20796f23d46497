package docs

// helvetica is how wide the characters from ' ' to '~' are in Helvetica, and in
// Arial, in thousandths of the size of the font.
var helvetica = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// textWidth is about how wide a text is in a font of a size: enough to make room
// for it. What is not in the table may be as wide as it is high, as in Chinese,
// Japanese and Korean; other letters are narrower.
func textWidth(s string, size float64) float64 {
	sum := 0
	for _, r := range s {
		switch {
		case r >= ' ' && int(r-' ') < len(helvetica):
			sum += helvetica[r-' ']
		case r < 0x1100:
			sum += 650
		default:
			sum += 1000
		}
	}
	return float64(sum) * size / 1000
}
