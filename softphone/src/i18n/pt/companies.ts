/** Words of the page of companies, for those who installed the server. */
export const companies = {
  companies: {
    title: 'Empresas',
    lead: 'Cada empresa tem pessoas, filas, números e clientes só dela. Quem instalou o servidor cria a empresa e o primeiro administrador; o resto é com ele.',
    add: 'Nova empresa',
    key: 'Nome curto',
    keyWhy: 'Letras minúsculas, números e hífen, por exemplo exemplo-internet. Não muda depois.',
    since: 'Criada em',
    admin: 'Primeiro administrador',
    adminName: 'Nome',
    username: 'Usuário',
    usernameWhy: 'Único no servidor inteiro. A pessoa entra com ele e troca a senha.',
    password: 'Senha inicial',
    passwordWhy: 'Dez caracteres ou mais.',
    create: 'Criar empresa',
    created: (name: string) => `Empresa ${name} criada.`,
  },
};
