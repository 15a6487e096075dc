module
public import Model
/-! Generated from scanner-baseline.model, sha256 b63cfa89389fb5be3caf46538d6b86203671b51d746bd70f7fe05789c9c89258; not to be edited.
Features, from 0: suspicious_path_score, path_depth, has_suspicious_extension, has_cookies, has_referer, has_accept_language, accept_quality, ua_category, method_is_unusual, host_is_configured, content_length_mismatch, path_has_traversal. -/
@[expose] public noncomputable section
namespace ScannerBaseline
open Model

def features : Nat := 12

def tree : Table := [
  split 11 (0) 1 10,
  split 2 (0) 2 9,
  split 0 (0) 3 6,
  split 8 (0) 4 5,
  leaf .allow,
  leaf .defer,
  split 0 (2) 7 8,
  leaf .defer,
  leaf .block,
  leaf .block,
  leaf .block]

def rows : List Row := [
  ⟨[40, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 100], 0, 2⟩,
  ⟨[0, 2, 0, 0, 0, 0, 0, -10, 30, 0, 30, 0], 0, 1⟩,
  ⟨[0, 0, 0, 20, 10, 20, 10, 10, 0, 20, 0, 0], 0, -1⟩]

def net : Net := ⟨rows, 0, 0⟩
def ens : Ensemble := ⟨tree, net, 59, 60⟩

end ScannerBaseline
