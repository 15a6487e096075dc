module
/-! The score of a text and what it cannot do, for any table of weights and any text.

The definitions mirror `pt.sunbeam.detector.lexicon.SegmentScan` and `Inspection`. A text is what the canonicaliser makes of a value; that
benign bytes around a payload stay benign bytes around its canonical text is not the subject here. Only `Init` is used. -/
@[expose] public noncomputable section
namespace Lexicon

/-- Canonical text, as symbols. -/
abbrev Text := List Nat

/-- Of three symbols in a row: whatever the slot holds that they hash to. -/
abbrev Weights := Nat → Nat → Nat → Int

/-- The weights that are met on the way through a text. -/
def weigh (w : Weights) : Text → List Int
  | a :: b :: c :: rest => w a b c :: weigh w (b :: c :: rest)
  | _ => []

/-- The loop of the Java code: the sum of the segment that ends here, and the highest so far. -/
def scan : Int → Int → List Int → Int
  | _, best, [] => best
  | sum, best, x :: xs => scan (max 0 (sum + x)) (max best (max 0 (sum + x))) xs

def score (w : Weights) (t : Text) : Int := scan 0 0 (weigh w t)

def total : List Int → Int
  | [] => 0
  | x :: xs => x + total xs

theorem total_append (a b : List Int) : total (a ++ b) = total a + total b := by
  induction a with
  | nil => simp [total]
  | cons x xs ih => simp only [List.cons_append, total, ih]; omega

theorem scan_mono (l : List Int) : ∀ {s s' b b' : Int}, s ≤ s' → b ≤ b' → scan s b l ≤ scan s' b' l := by
  induction l with
  | nil => intro s s' b b' _ hb; simpa only [scan] using hb
  | cons x xs ih =>
    intro s s' b b' hs hb
    simp only [scan]
    exact ih (by omega) (by omega)

theorem best_le_scan (l : List Int) : ∀ (s b : Int), b ≤ scan s b l := by
  induction l with
  | nil => intro s b; simp only [scan]; omega
  | cons x xs ih =>
    intro s b
    simp only [scan]
    exact Int.le_trans (by omega) (ih (max 0 (s + x)) (max b (max 0 (s + x))))

theorem scan_append (l q : List Int) : ∀ (s b : Int), scan s b l ≤ scan s b (l ++ q) := by
  induction l with
  | nil => intro s b; simpa only [scan, List.nil_append] using best_le_scan q s b
  | cons x xs ih => intro s b; simp only [scan, List.cons_append]; exact ih _ _

theorem scan_behind (p l : List Int) : ∀ {s b : Int}, 0 ≤ s → 0 ≤ b → scan 0 0 l ≤ scan s b (p ++ l) := by
  induction p with
  | nil => intro s b hs hb; simpa only [List.nil_append] using scan_mono l hs hb
  | cons x xs ih => intro s b hs hb; simp only [scan, List.cons_append]; exact ih (by omega) (by omega)

theorem scan_within (p l q : List Int) : scan 0 0 l ≤ scan 0 0 (p ++ l ++ q) := by
  rw [List.append_assoc]
  exact Int.le_trans (scan_append l q 0 0) (scan_behind p (l ++ q) (by omega) (by omega))

/-! ## The score is that of the best segment -/

theorem total_le_scan (l : List Int) : ∀ {s b : Int}, s ≤ b → s + total l ≤ scan s b l := by
  induction l with
  | nil => intro s b h; simp only [total, scan]; omega
  | cons x xs ih =>
    intro s b _
    simp only [total, scan]
    exact Int.le_trans (by omega) (ih (s := max 0 (s + x)) (b := max b (max 0 (s + x))) (by omega))

/-- No segment adds up to more. -/
theorem segment_le (p l q : List Int) : total l ≤ scan 0 0 (p ++ l ++ q) := by
  have h := total_le_scan l (s := 0) (b := 0) (by omega)
  exact Int.le_trans (by omega) (scan_within p l q)

theorem scan_attained (l : List Int) : ∀ (past : List Int) (s b : Int),
    (∃ u v, past = u ++ v ∧ s = total v) → (∃ u v t, past = u ++ v ++ t ∧ b = total v) →
    ∃ u v t, past ++ l = u ++ v ++ t ∧ scan s b l = total v := by
  induction l with
  | nil =>
    intro past s b _ hb
    simpa only [scan, List.append_nil] using hb
  | cons x xs ih =>
    intro past s b hs hb
    obtain ⟨u, v, huv, hsum⟩ := hs
    obtain ⟨u', v', t', hb', hbest⟩ := hb
    have hnew : ∃ u v, past ++ [x] = u ++ v ∧ max 0 (s + x) = total v := by
      by_cases h : 0 ≤ s + x
      · refine ⟨u, v ++ [x], ?_, ?_⟩
        · rw [huv, List.append_assoc]
        · rw [total_append]; simp only [total]; omega
      · refine ⟨past ++ [x], [], ?_, ?_⟩
        · rw [List.append_nil]
        · simp only [total]; omega
    have hold : ∃ u v t, past ++ [x] = u ++ v ++ t ∧ max b (max 0 (s + x)) = total v := by
      by_cases h : max 0 (s + x) ≤ b
      · refine ⟨u', v', t' ++ [x], ?_, by omega⟩
        rw [hb', List.append_assoc]
      · obtain ⟨u, v, h1, h2⟩ := hnew
        refine ⟨u, v, [], ?_, by omega⟩
        rw [h1, List.append_nil]
    have step := ih (past ++ [x]) _ _ hnew hold
    simpa only [scan, List.append_assoc, List.singleton_append] using step

/-- Some segment, perhaps the empty one, adds up to it. -/
theorem segment_attained (l : List Int) : ∃ u v t, l = u ++ v ++ t ∧ scan 0 0 l = total v := by
  have h := scan_attained l [] 0 0 ⟨[], [], rfl, rfl⟩ ⟨[], [], [], rfl, rfl⟩
  simpa only [List.nil_append] using h

/-! ## Padding -/

theorem weigh_append (w : Weights) : ∀ (x b : Text), ∃ q, weigh w (x ++ b) = weigh w x ++ q
  | [], b => ⟨weigh w b, rfl⟩
  | [i], b => ⟨weigh w ([i] ++ b), rfl⟩
  | [i, j], b => ⟨weigh w ([i, j] ++ b), rfl⟩
  | i :: j :: k :: rest, b => by
    obtain ⟨q, hq⟩ := weigh_append w (j :: k :: rest) b
    refine ⟨q, ?_⟩
    simp only [List.cons_append, weigh] at hq ⊢
    rw [hq]

theorem weigh_cons (w : Weights) (i : Nat) (x : Text) : ∃ p, weigh w (i :: x) = p ++ weigh w x := by
  match x with
  | [] => exact ⟨[], rfl⟩
  | [_] => exact ⟨[], rfl⟩
  | j :: k :: rest => exact ⟨[w i j k], rfl⟩

theorem weigh_behind (w : Weights) (a x : Text) : ∃ p, weigh w (a ++ x) = p ++ weigh w x := by
  induction a with
  | nil => exact ⟨[], rfl⟩
  | cons i a ih =>
    obtain ⟨p, hp⟩ := ih
    obtain ⟨p', hp'⟩ := weigh_cons w i (a ++ x)
    exact ⟨p' ++ p, by rw [List.cons_append, hp', hp, List.append_assoc]⟩

/-- What stands before and after a text never lowers its score, whatever it is and whatever the weights are. -/
theorem padding (w : Weights) (a x b : Text) : score w x ≤ score w (a ++ x ++ b) := by
  obtain ⟨q, hq⟩ := weigh_append w (a ++ x) b
  obtain ⟨p, hp⟩ := weigh_behind w a x
  unfold score
  rw [hq, hp]
  exact scan_within p (weigh w x) q

/-! ## A request of several values -/

/-- What is kept of the scores: the highest, the second, and how many reach the gate. -/
structure Kept where
  any : Int
  second : Int
  suspicious : Nat

def Kept.LE (k l : Kept) : Prop := k.any ≤ l.any ∧ k.second ≤ l.second ∧ k.suspicious ≤ l.suspicious

/-- A value's score, the bar of its place taken off. -/
def above (bar score : Int) : Int := max 0 (score - bar)

def Kept.add (gate : Int) (k : Kept) (v : Int) : Kept :=
  ⟨max k.any v, max k.second (min k.any v), k.suspicious + if gate ≤ v then 1 else 0⟩

def keep (gate : Int) (k : Kept) (values : List Int) : Kept := values.foldl (Kept.add gate) k

theorem above_mono (bar : Int) {s t : Int} (h : s ≤ t) : above bar s ≤ above bar t := by
  unfold above; omega

theorem add_le (gate : Int) (k : Kept) (v : Int) : k.LE (k.add gate v) := by
  unfold Kept.LE Kept.add
  refine ⟨?_, ?_, ?_⟩ <;> dsimp only <;> omega

theorem add_mono (gate : Int) {k l : Kept} {u v : Int} (h : k.LE l) (huv : u ≤ v) :
    (k.add gate u).LE (l.add gate v) := by
  unfold Kept.LE at h ⊢
  unfold Kept.add
  refine ⟨?_, ?_, ?_⟩ <;> dsimp only
  · omega
  · omega
  · split <;> split <;> omega

theorem keep_mono (gate : Int) (values : List Int) : ∀ {k l : Kept}, k.LE l →
    (keep gate k values).LE (keep gate l values) := by
  induction values with
  | nil => intro k l h; exact h
  | cons v vs ih => intro k l h; exact ih (add_mono gate h (Int.le_refl v))

/-- A value more, wherever it stands among the others, lowers nothing that is kept. -/
theorem one_more (gate : Int) (k : Kept) (before after : List Int) (v : Int) :
    (keep gate k (before ++ after)).LE (keep gate k (before ++ v :: after)) := by
  unfold keep
  rw [List.foldl_append, List.foldl_append, List.foldl_cons]
  exact keep_mono gate after (add_le gate _ v)

/-- A value with padding around it lowers nothing that is kept. -/
theorem one_padded (gate bar : Int) (k : Kept) (w : Weights) (before after : List Int) (a x b : Text) :
    (keep gate k (before ++ above bar (score w x) :: after)).LE
      (keep gate k (before ++ above bar (score w (a ++ x ++ b)) :: after)) := by
  unfold keep
  rw [List.foldl_append, List.foldl_append, List.foldl_cons, List.foldl_cons]
  refine keep_mono gate after (add_mono gate ?_ (above_mono bar (padding w a x b)))
  exact ⟨Int.le_refl _, Int.le_refl _, Nat.le_refl _⟩

end Lexicon
