output "bucket_arn" {
  description = "Destination for CreateFlowLogs"
  value       = "${local.bucket_arn}/${local.prefix}"
}

output "queue_url" {
  description = "For `flowgauge watch worker` and `watch redrive`"
  value       = aws_sqs_queue.new.url
}

output "dead_letter_url" {
  description = "Messages that could not be handled, with the reason"
  value       = aws_sqs_queue.dead.url
}

output "role_arn" {
  description = "Role of the function, to be mapped to a role of the domain"
  value       = aws_iam_role.this.arn
}

output "function_name" {
  description = "The function"
  value       = aws_lambda_function.this.function_name
}
