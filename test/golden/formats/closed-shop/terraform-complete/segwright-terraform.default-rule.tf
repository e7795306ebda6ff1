resource "nsxt_policy_predefined_security_policy" "default_layer3" {
  path = "/infra/domains/default/security-policies/default-layer3-section"

  default_rule {
    action = "DROP"
    logged = true
  }
}
